import { randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import os from 'node:os';
import { type Call, type Environment, type OwnMachine, ProviderError } from '#providers/contract.ts';
import { type Exit, LINE_BUFFERED, type Run, runProgram } from '#providers/kit/client/client-process.ts';
import { named } from '#providers/kit/wire/named.ts';
import type { LibvirtConfig } from '../config.ts';
import { isEmptyLine, isLackOnly, virshError } from './errors.ts';
import { type Step, scriptOf } from './script.ts';
import { type ConnectionUri, parseUri } from './uri.ts';

/** What virsh printed; null where the command failed. */
export interface HostAnswer {
  capabilities: string | null;
  /** Why there are no capabilities. */
  failure?: ProviderError;
  hostname: string | null;
  nodeinfo: string | null;
  nodememstats?: string | null;
  /** What the system calls the machine that virsh runs on. */
  localName?: string;
  /** The same machine, where its kernel tells it from others. */
  here?: OwnMachine | null;
}

export interface Enumeration extends HostAnswer {
  /** UUIDs of all domains. */
  uuids: string[];
  /** The word of those that run, are paused or shut off; the others are in another state. Null where the driver cannot filter. */
  states: ReadonlyMap<string, string> | null;
}

/** What is asked of one domain. */
export interface Wanted {
  uuid: string;
  /** Its state as the enumeration knows it; null to have it asked. `running` has no reason worth a call. */
  state: string | null;
}

export interface Described {
  uuid: string;
  /** Null where virsh had none. */
  xml: string | null;
  /** `shut off (crashed)`. */
  state: string | null;
  /** The table of `domifaddr`, which has a head at least; empty where it failed, null where it was not asked. */
  addresses: string | null;
}

/** One libvirt connection: virsh (`openClient`) or the mock's. Errors are ProviderErrors. */
export interface LibvirtClient {
  readonly uri: ConnectionUri;
  /** One process. */
  host(call: Call): Promise<HostAnswer>;
  /** One process. */
  enumerate(call: Call): Promise<Enumeration>;
  /**
   * One process for all of them.
   * @param take called for each as virsh answers
   * @returns the UUIDs that existed at the end: one that is missing here has vanished
   */
  describe(wanted: readonly Wanted[], call: Call, take: (domain: Described) => void): Promise<string[]>;
  /**
   * One process for as long as it lives; returns when it ended itself.
   * @param line called for each line of `virsh event`; the first says that it is connected
   */
  events(call: Call, line: (text: string) => void): Promise<void>;
  close(): Promise<void>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STATE_LISTS = [
  ['running', '--state-running'],
  ['paused', '--state-paused'],
  ['shut off', '--state-shutoff'],
] as const;
const INSTALL =
  "libvirt's client (Debian, Ubuntu: apt-get install libvirt-clients; Fedora: dnf install libvirt-client)";
/** Drivers that can know a domain's addresses. Not the test driver: it makes up one for all. */
const LEASES = new Set(['qemu', 'lxc', 'xen', 'bhyve', 'ch']);
/** A process that waits for events ends by itself after this, so that one whose parent was killed does not stay for ever. */
const EVENT_SECONDS = 900;

/** @throws ProviderError `config` where the file of credentials cannot be read */
export async function openClient(
  config: LibvirtConfig,
  { machine }: Pick<Environment, 'machine'> = {},
): Promise<LibvirtClient> {
  const uri = checkedUri(config);
  const { authFile } = config;
  if (authFile !== undefined)
    await access(authFile, constants.R_OK).catch(() => {
      throw new ProviderError('config', uri.place, 'authFile cannot be read');
    });
  const closed = new AbortController();
  const idleMs = config.timeout * 1000;
  const file = config.virsh ?? 'virsh';
  let readOnly = true;

  const connect = (): string[] => [...(readOnly ? ['-r'] : []), '-c', uri.text];
  const run = (what: Partial<Run> & Pick<Run, 'args'>, { signal }: Call, take: (text: string) => void): Promise<Exit> =>
    runProgram(
      {
        file,
        program: 'virsh',
        install: INSTALL,
        input: null,
        // It keeps no history of what we type.
        env: { VIRSH_HISTSIZE: '0', ...(authFile === undefined ? {} : { LIBVIRT_AUTH_FILE: authFile }) },
        idleMs,
        totalMs: 15 * idleMs,
        ...what,
      },
      uri.place,
      { signal: AbortSignal.any([signal, closed.signal]) },
      take,
    );

  function withFailure(answer: HostAnswer, stderr: string): HostAnswer {
    if (answer.capabilities !== null) return answer;
    if (answer.hostname === null && !isLackOnly(stderr)) throw virshError(stderr, uri.place).of('virsh capabilities');
    // Connected, so that the first words are of the first command: what a later one lacks says nothing of it.
    return { ...answer, failure: virshError(firstError(stderr), uri.place).of('virsh capabilities') };
  }

  async function ask(steps: readonly Step[], by: 'argument' | 'input', call: Call): Promise<string> {
    const script = scriptOf(steps, randomUUID().replaceAll('-', '').slice(0, 20), uri.place);
    const { stderr } = await run(
      by === 'argument' ? { args: [...connect(), script.argument] } : { args: connect(), input: script.input },
      call,
      script.read,
    );
    try {
      script.end();
    } catch (error) {
      throw stderr.trim() === '' ? error : virshError(stderr, uri.place);
    }
    return stderr;
  }

  /** Some drivers know no read-only connection (libvirt's own ESX and VirtualBox drivers, in some versions). */
  async function asReader<T>(action: string, run: () => Promise<T>): Promise<T> {
    const attempt = () => named(action, run);
    try {
      return await attempt();
    } catch (error) {
      if (!readOnly || !(error instanceof ProviderError) || error.kind !== 'unsupported') throw error;
      readOnly = false;
      return attempt().catch(() => {
        readOnly = true;
        throw error;
      });
    }
  }

  return {
    uri,
    host: (call) =>
      asReader('virsh capabilities', async () => {
        const { answer, steps } = hostSteps(true);
        const stderr = await ask(steps, 'argument', call);
        return { ...withFailure(answer, stderr), here: machine?.() ?? null, localName: os.hostname() };
      }),
    enumerate: (call) =>
      asReader('virsh list', async () => {
        const { answer, steps } = hostSteps(false);
        const lists: (string[] | null)[] = [];
        for (const filter of ['', ...STATE_LISTS.map(([, option]) => ` ${option}`)])
          steps.push({
            command: `list --all --uuid${filter}`,
            take: (output) => void lists.push(uuidsOf(output, uri.place)),
          });
        const stderr = await ask(steps, 'argument', call);
        const [uuids, ...byState] = lists;
        if (!uuids) throw virshError(stderr, uri.place);
        return { ...withFailure(answer, stderr), localName: os.hostname(), uuids, states: statesOf(byState) };
      }),
    async describe(wanted, call, take) {
      let present: string[] | null = null;
      const steps: Step[] = [];
      for (const { uuid, state } of wanted) {
        // The only foreign text that ever enters the stream.
        if (!UUID.test(uuid)) throw new ProviderError('bad-reply', uri.place, 'named a domain without a UUID');
        steps.push(...domainSteps(uuid, state, LEASES.has(uri.driver), take));
      }
      steps.push({ command: 'list --all --uuid', take: (output) => (present = uuidsOf(output, uri.place)) });
      const stderr = await named('virsh dumpxml', () => ask(steps, 'input', call));
      if (!present) throw virshError(stderr, uri.place).of('virsh list');
      return present;
    },
    async events(call, line) {
      const args = [...connect(), `uri; event --all --loop --timestamp --timeout ${EVENT_SECONDS}`];
      let rest = '';
      const listen = {
        ...(LINE_BUFFERED ? { file: LINE_BUFFERED, args: ['-oL', file, ...args] } : { args }),
        // It is silent for as long as nothing happens; who listens looks after it.
        idleMs: 2 * EVENT_SECONDS * 1000,
        totalMs: 2 * EVENT_SECONDS * 1000,
      };
      const take = (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > 100_000) throw new ProviderError('bad-reply', uri.place, 'sent an event without an end');
        for (const each of lines) line(each);
      };
      const exit = await named('virsh event', () => run(listen, call, take));
      if (exit.code !== 0 || exit.stderr.trim() !== '') throw virshError(exit.stderr, uri.place).of('virsh event');
    },
    async close() {
      closed.abort(new ProviderError('network', uri.place, 'the source was closed'));
    },
  };
}

/** The first error that says something; each command that fails says another first, which does not. */
function firstError(stderr: string): string {
  const lines = stderr.split('\n');
  const at = lines.findIndex((line) => line.trim() !== '' && !isEmptyLine(line));
  return at === -1 ? stderr : lines.slice(0, at + 1).join('\n');
}

function checkedUri({ uri }: LibvirtConfig): ConnectionUri {
  const checked = parseUri(uri ?? '');
  if (typeof checked === 'string') throw new ProviderError('config', 'libvirt', checked);
  return checked;
}

function hostSteps(whole: boolean): { answer: HostAnswer; steps: Step[] } {
  const answer: HostAnswer = { capabilities: null, hostname: null, nodeinfo: null, nodememstats: null };
  const into = (key: 'capabilities' | 'hostname' | 'nodeinfo' | 'nodememstats'): Step => ({
    command: key,
    take: (output) => {
      answer[key] = output.trim() === '' ? null : output;
    },
  });
  return {
    answer,
    steps: [into('capabilities'), into('hostname'), ...(whole ? [into('nodeinfo'), into('nodememstats')] : [])],
  };
}

function domainSteps(
  uuid: string,
  state: string | null,
  addresses: boolean,
  take: (domain: Described) => void,
): Step[] {
  const domain: Described = { uuid, xml: null, state, addresses: null };
  const steps: Step[] = [];
  if (state !== 'running')
    steps.push({
      command: `domstate --reason ${uuid}`,
      take: (output) => {
        domain.state = output.trim() || state;
      },
    });
  if (addresses && state !== 'shut off')
    steps.push({
      command: `domifaddr ${uuid}`,
      take: (output) => {
        domain.addresses = output.trim();
      },
    });
  steps.push({
    command: `dumpxml ${uuid}`,
    take: (output) => {
      domain.xml = output.trim() || null;
      take(domain);
    },
  });
  return steps;
}

/** A list that succeeded ends in an empty line, also where it is empty; one that failed prints nothing. */
function uuidsOf(output: string, place: string): string[] | null {
  if (!/(^|\n)\n$/.test(output)) return null;
  const uuids = output.split('\n').filter((line) => line !== '');
  if (uuids.some((uuid) => !UUID.test(uuid)))
    throw new ProviderError('bad-reply', place, 'listed a domain without a UUID');
  return uuids;
}

function statesOf(lists: readonly (string[] | null)[]): Map<string, string> | null {
  const states = new Map<string, string>();
  for (const [at, [word]] of STATE_LISTS.entries()) {
    const uuids = lists[at];
    if (!uuids) return null;
    for (const uuid of uuids) states.set(uuid, word);
  }
  return states;
}
