import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import ssh2, { type Client, type ClientChannel, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { ProviderError } from '#providers/contract.ts';
import type { SshAddress } from '../ssh/ssh-address.ts';
import type { SshKeys } from '../ssh/ssh-options.ts';
import { knownKeys } from './known-hosts.ts';

export interface SshOptions extends SshKeys {
  address: SshAddress;
  place: string;
  timeoutMs: number;
}

/** One ssh connection, made when first needed and again after it was lost; commands run in channels of it. */
export interface SshLink {
  /** Starts a command in the user's shell there. @throws ProviderError */
  exec(command: string): Promise<ClientChannel>;
  close(): void;
}

/**
 * Reads key and host keys, and connects later. Neither an agent nor a person is ever asked.
 * @throws ProviderError `config` for a key that needs a passphrase, or a known_hosts without the server; what reading a file throws
 */
export async function sshLink(options: SshOptions): Promise<SshLink> {
  const settings = await settingsOf(options);
  const { place } = options;
  let connection: Promise<Client> | null = null;

  function connect(): Promise<Client> {
    const client = new ssh2.Client();
    const made = new Promise<Client>((resolve, reject) => {
      client.once('ready', () => {
        // Requests are small and wait for their answers: gathering them would cost 40 ms each.
        client.setNoDelay(true);
        resolve(client);
      });
      client.on('error', (error) => reject(sshError(error, place)));
      client.once('close', () => {
        if (connection === made) connection = null;
        reject(new ProviderError('network', place, 'the ssh connection was closed'));
      });
      client.connect(settings);
    });
    return made;
  }

  return {
    async exec(command) {
      connection ??= connect();
      const client = await connection;
      return new Promise((resolve, reject) => {
        client.exec(command, (error, channel) => {
          if (!error) return resolve(channel);
          const what = `the server does not run \`${command}\` for this key`;
          reject(new ProviderError('permission', place, what, { cause: error }));
        });
      });
    },
    close() {
      const open = connection;
      connection = null;
      open?.then(
        (client) => client.end(),
        () => {},
      );
    },
  };
}

async function settingsOf({
  address,
  keyFile,
  knownHosts,
  fingerprint,
  place,
  timeoutMs,
}: SshOptions): Promise<ConnectConfig> {
  const privateKey = await readFile(keyFile);
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error)
    throw new ProviderError('config', place, 'ssh.keyFile: expected a private key without a passphrase');
  const host = address.host.replace(/^\[|\]$/g, '');
  const known = knownHosts ? knownKeys(await readFile(knownHosts, 'utf8'), host, address.port) : null;
  if (known && known.accepted.length === 0 && !fingerprint)
    throw new ProviderError('config', place, `ssh.knownHosts: it has no key of ${host}; add it with ssh-keyscan`);
  const settings: ConnectConfig = {
    host,
    port: address.port,
    username: address.user,
    privateKey,
    authHandler: ['publickey'],
    readyTimeout: timeoutMs,
    ...(known && known.accepted.length > 0 && !fingerprint
      ? { algorithms: { serverHostKey: algorithmsOf(known.accepted) } }
      : {}),
    // A server that vanished without a word is found out within a minute.
    keepaliveInterval: 20_000,
    keepaliveCountMax: 3,
    hostVerifier: (key: Buffer) => {
      const text = key.toString('base64');
      if (known?.revoked.includes(text)) return false;
      const print = `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
      return known?.accepted.includes(text) || print === fingerprint?.replace(/=+$/, '');
    },
  };
  return settings;
}

/** Only keys of the kinds that are known are asked for: a server has several, and would show another one. */
function algorithmsOf(keys: readonly string[]): ServerHostKeyAlgorithm[] {
  const kinds = keys.map((key) => {
    const blob = Buffer.from(key, 'base64');
    return blob.length > 4 ? blob.toString('latin1', 4, 4 + blob.readUInt32BE(0)) : '';
  });
  return ALGORITHMS.filter((name) => kinds.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name));
}

const ALGORITHMS: ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

function sshError(error: Error & { level?: string }, place: string): ProviderError {
  if (error.level === 'client-authentication')
    return new ProviderError('auth', place, 'the ssh server does not take the key for this user', { cause: error });
  // The verifier's "no" comes as a failed handshake.
  if (error.level === 'handshake')
    return new ProviderError(
      'network',
      place,
      "the ssh server's host key is not the known one, or no common algorithm was found",
      { cause: error },
    );
  if (error.level === 'client-timeout')
    return new ProviderError('timeout', place, 'the ssh server gave no answer in time', { cause: error });
  return new ProviderError('network', place, 'the ssh connection failed', { cause: error });
}
