import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from 'ssh2';
import { ProviderError } from '#providers/contract.ts';
import type { Address } from './address.ts';
import { guarded } from './client-agent.ts';
import { knownKeys } from './known-hosts.ts';

export interface SshOptions {
  address: Address & { type: 'ssh' };
  keyFile: string;
  knownHosts?: string | undefined;
  fingerprint?: string | undefined;
  place: string;
  timeoutMs: number;
}

/** What `docker -H ssh://` runs on the other side: its standard input and output are the engine's socket. */
const COMMAND = 'docker system dial-stdio';

/** sshd gives one connection ten sessions (MaxSessions); one is the event stream. */
const MAX_CHANNELS = 8;

/**
 * Carries requests in channels of one ssh connection. The SDK's own way makes a connection per request, verifies no host key, and ends the
 * process when the server refuses the command (docker-modem 5.0.7, lib/ssh.js).
 */
export async function sshAgent(options: SshOptions): Promise<http.Agent> {
  const settings = await settingsOf(options);
  const agent = new SshAgent(settings, options);
  return guarded(agent);
}

class SshAgent extends http.Agent {
  readonly #settings: ConnectConfig;
  readonly #options: SshOptions;
  #connection: Promise<Client> | null = null;

  constructor(settings: ConnectConfig, options: SshOptions) {
    super({ keepAlive: true, maxSockets: MAX_CHANNELS });
    this.#settings = settings;
    this.#options = options;
  }

  override createConnection(_: unknown, done: (error: Error | null, socket?: Duplex) => void): undefined {
    this.#channel().then(
      (channel) => done(null, channel),
      (error: unknown) => done(error instanceof Error ? error : new Error('no ssh connection')),
    );
  }

  /** A channel is no socket: what Node does to idle sockets it has no methods for, and needs none. */
  override keepSocketAlive(): boolean {
    return true;
  }

  override reuseSocket(): void {}

  override destroy(): void {
    super.destroy();
    const open = this.#connection;
    this.#connection = null;
    open?.then(
      (client) => client.end(),
      () => {},
    );
  }

  async #channel(): Promise<Duplex> {
    this.#connection ??= this.#connect();
    const client = await this.#connection;
    return new Promise((resolve, reject) => {
      client.exec(COMMAND, (error, channel) => {
        if (error)
          return reject(
            new ProviderError(
              'permission',
              this.#options.place,
              `the server does not run \`${COMMAND}\` for this key`,
              {
                cause: error,
              },
            ),
          );
        // What the command complains of would fill its window and stop it.
        channel.stderr.resume();
        resolve(channel);
      });
    });
  }

  #connect(): Promise<Client> {
    const client = new ssh2.Client();
    const connection = new Promise<Client>((resolve, reject) => {
      client.once('ready', () => {
        // Requests are small and wait for their answers: gathering them would cost 40 ms each.
        client.setNoDelay(true);
        resolve(client);
      });
      client.on('error', (error) => reject(sshError(error, this.#options.place)));
      client.once('close', () => {
        if (this.#connection === connection) this.#connection = null;
        reject(new ProviderError('network', this.#options.place, 'the ssh connection was closed'));
      });
      client.connect(this.#settings);
    });
    return connection;
  }
}

async function settingsOf({ address, keyFile, knownHosts, fingerprint, place, timeoutMs }: SshOptions) {
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
