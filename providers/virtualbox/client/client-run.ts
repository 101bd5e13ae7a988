import os from 'node:os';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, type Environment, type OwnMachine, ProviderError } from '#providers/contract.ts';
import { cachedCredential } from '#providers/kit/cached-credential.ts';
import { runProgram } from '#providers/kit/client/client-process.ts';
import { runOverSsh } from '#providers/kit/client/client-remote.ts';
import { type SshLink, sshLink } from '#providers/kit/client/client-ssh.ts';
import { parseSshAddress } from '#providers/kit/ssh/ssh-address.ts';
import { named } from '#providers/kit/wire/named.ts';
import { hostsOf, type VirtualBoxConfig } from '../config.ts';
import { ACTIONS, type Action, ENVIRONMENT, LOCALE } from '../policy.ts';
import { UUID, type VirtualBoxClient } from './client.ts';
import { stampOf } from './client-files.ts';
import { vboxError } from './errors.ts';

/** The longest answers are lists: 10,000 VMs are a megabyte. */
const MAX_ANSWER = 16 * 1024 * 1024;
/** An answer that comes in drops is waited for so much longer than silence. */
const PATIENCE = 3;
const PROGRAM = 'VBoxManage';
/**
 * Where the VMs of this user are, and which VBoxSVC knows them. Without them a VBoxSVC that is started for us would be that of another
 * folder, and would answer the user's own VirtualBox from it, too.
 */
const OF_USER = ['VBOX_USER_HOME', 'VBOX_IPC_SOCKETID', 'XDG_CONFIG_HOME'];

/** Runs VBoxManage with these arguments; resolves with exit code and both outputs. */
type Runner = (args: readonly string[], call: Call) => Promise<{ code: number | null; stdout: string; stderr: string }>;

/** One for each host of the configuration; one here where it names none. */
export function openClients(config: VirtualBoxConfig, env: Environment): VirtualBoxClient[] {
  const hosts = hostsOf(config);
  return hosts.length === 0 ? [localClient(config, env)] : hosts.map((host) => remoteClient(host, config));
}

function localClient(config: VirtualBoxConfig, { machine }: Environment): VirtualBoxClient {
  const here = (): OwnMachine | null => machine?.() ?? null;
  const hostname = (config.hostname ?? here()?.hostname ?? os.hostname()).toLowerCase();
  const place = `${os.userInfo().username}@${hostname}`;
  const idleMs = config.timeout * 1000;
  const run: Runner = async (args, call) => {
    const { take, text } = answerOf(place);
    const exit = await runProgram(
      {
        file: config.vboxManage ?? PROGRAM,
        program: PROGRAM,
        install: 'VirtualBox, or say with vboxManage where it is',
        args,
        input: null,
        env: { LC_ALL: LOCALE },
        inherit: OF_USER,
        idleMs,
        totalMs: PATIENCE * idleMs,
        strict: true,
      },
      place,
      call,
      take,
    );
    return { ...exit, stdout: text() };
  };
  return clientOf({ user: os.userInfo().username, hostname, here, run, stamp: stampOf });
}

function remoteClient(host: string, config: VirtualBoxConfig): VirtualBoxClient {
  const address = parseSshAddress(host);
  const keys = config.ssh;
  if (typeof address === 'string' || !keys) throw new ProviderError('config', host, 'expected ssh://user@host and ssh');
  const hostname = (config.hostname ?? address.host).toLowerCase();
  const place = `${address.user}@${hostname}`;
  const timeoutMs = config.timeout * 1000;
  let link: SshLink | null = null;
  const files = [keys.keyFile, keys.knownHosts].filter((file) => file !== undefined);
  const held = cachedCredential(files, async () => {
    const next = await sshLink({ address, place, timeoutMs, ...keys });
    link?.close();
    link = next;
    return next;
  });
  async function open({ signal }: Call): Promise<SshLink> {
    try {
      return await abortable(held.get(), signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ProviderError) throw error;
      throw new ProviderError('config', place, 'ssh.keyFile or ssh.knownHosts could not be read', { cause: error });
    }
  }
  const program = config.vboxManage === undefined ? PROGRAM : `'${config.vboxManage}'`;
  const run: Runner = async (args, call) => {
    const { take, text } = answerOf(place);
    const command = [ENVIRONMENT, program, ...args].join(' ');
    const limits = { program: PROGRAM, idleMs: timeoutMs, totalMs: PATIENCE * timeoutMs };
    const exit = await runOverSsh(await open(call), command, limits, place, call, take);
    return { ...exit, stdout: text() };
  };
  return clientOf({
    user: address.user,
    hostname,
    here: () => null,
    run,
    renew: () => held.drop(),
    close: () => link?.close(),
  });
}

interface Parts {
  user: string;
  hostname: string;
  here(): OwnMachine | null;
  run: Runner;
  stamp?: VirtualBoxClient['stamp'];
  renew?(): void;
  close?(): void;
}

function clientOf({ user, hostname, here, run, stamp = async () => null, renew, close }: Parts): VirtualBoxClient {
  const account = `${user}@${hostname}`;
  const closed = new AbortController();
  return {
    user,
    hostname,
    account,
    here,
    ask: (action, uuid, { signal }) =>
      named(action, async () => {
        const call = { signal: AbortSignal.any([signal, closed.signal]) };
        const { code, stdout, stderr } = await run(argumentsOf(action, uuid, account), call);
        if (code !== 0) throw vboxError(stderr, account);
        return stdout;
      }),
    stamp,
    renew: () => renew?.(),
    async close() {
      closed.abort(new ProviderError('network', account, 'the source was closed'));
      close?.();
    },
  };
}

/** The only foreign text among the arguments is a UUID. */
function argumentsOf(action: Action, uuid: string | null, place: string): string[] {
  const [, ...words] = action.split(' ');
  const isAboutOne = action === ACTIONS.describe || action === ACTIONS.addresses;
  if (!isAboutOne) return words;
  if (uuid === null || !UUID.test(uuid)) throw new ProviderError('bad-reply', place, 'expected the UUID of a VM');
  return [...words, uuid, ...(action === ACTIONS.describe ? ['--machinereadable'] : [])];
}

function answerOf(place: string): { take(text: string): void; text(): string } {
  let answer = '';
  return {
    take(text) {
      answer += text;
      if (answer.length > MAX_ANSWER)
        throw new ProviderError('bad-reply', place, `answered more than ${MAX_ANSWER} characters`);
    },
    text: () => answer,
  };
}
