import { fileURLToPath } from 'node:url';
import type { LibvirtHost } from '#lib/demo/index.ts';
import {
  capabilitiesXml,
  type DomainRow,
  domainXml,
  leaseTable,
  nodeInfo,
  rowOf,
} from '#providers/libvirt/mock/wire.ts';
import { ACTIONS } from '#providers/libvirt/polkit.ts';
import type { FakeCloud, FakeRequest, Reply } from './server.ts';

/** The program that a source runs as its `virsh` in these tests. */
export const FAKE_VIRSH = fileURLToPath(new URL('./virsh.mjs', import.meta.url));

/** What `virsh.mjs` sends. */
export interface VirshRun {
  args: string[];
  input: string;
  /** Names of its environment variables. */
  env: string[];
  auth: string | null;
}

/** What a connection has; texts as virsh prints them. */
export interface World {
  capabilities: string;
  hostname: string;
  nodeinfo: string;
  /** What `nodememstats` prints; a driver that has none where it is left out. */
  nodememstats?: string;
  rows: readonly DomainRow[];
  /** Commands that fail, and what virsh says of each. */
  failing?: ReadonlyMap<string, string>;
}

export const runOf = ({ body }: Pick<FakeRequest, 'body'>): VirshRun => JSON.parse(body || '{"args":[],"input":""}');

/** The commands of a run, without the echoes between them. */
export function commandsOf({ args, input }: VirshRun): string[] {
  const typed = input === '' ? (args.at(-1) ?? '').split('; ') : input.split('\n');
  return typed.filter((command) => command !== '' && !command.startsWith('echo '));
}

/** The action of the policy that a run needs the most. */
export function actionOf(run: VirshRun): string {
  const commands = commandsOf(run);
  if (commands.some((command) => /^(dumpxml|domstate|domifaddr) /.test(command))) return ACTIONS.describe;
  if (commands.some((command) => /^(list|event) /.test(command))) return ACTIONS.list;
  return ACTIONS.host;
}

/** Runs the commands as virsh does: what it prints, and what it says of those that fail. */
export function answerVirsh(run: VirshRun, world: World, unreadable: ReadonlySet<string> = new Set()): Reply {
  const typed = run.input !== '';
  const commands = typed ? run.input.split('\n').slice(0, -1) : (run.args.at(-1) ?? '').split('; ');
  const errors: string[] = [];
  let out = typed
    ? "Welcome to virsh, the virtualization interactive terminal.\n\nType:  'help' for help with commands\n       'quit' to quit\n\n"
    : '';
  let failed = false;
  for (const command of commands) {
    // readline repeats what it reads on a pipe.
    if (typed) out += `virsh > ${command}\n`;
    const wrong = world.failing?.get(command);
    const output = wrong || unreadable.has(command.replace('dumpxml ', '')) ? null : execute(command, world);
    failed = output === null;
    if (wrong) errors.push(`error: ${wrong}`);
    else if (output === null) errors.push(`error: failed to get domain '${command.split(' ').at(-1)}'`);
    out += output ?? '';
  }
  if (typed) out += 'virsh > \n';
  return virshReply(out, errors.length > 0 ? `${errors.join('\n')}\n\n` : '', failed && !typed ? 1 : 0);
}

/** What a command prints; null where it fails. */
function execute(command: string, world: World): string | null {
  const [word, ...rest] = command.split(' ');
  const row = world.rows.find(({ uuid }) => uuid === rest.at(-1));
  switch (word) {
    case 'echo':
      return `${rest.join(' ').replaceAll('""', '')}\n`;
    case 'capabilities':
      return `${world.capabilities}\n`;
    case 'hostname':
      return `${world.hostname}\n\n`;
    case 'nodeinfo':
      return world.nodeinfo;
    case 'nodememstats':
      return world.nodememstats ?? null;
    case 'list': {
      const wanted = rest.find((option) => option.startsWith('--state-'));
      const rows = world.rows.filter(({ state }) => wanted === undefined || wanted === OPTIONS[state]);
      return `${rows.map(({ uuid }) => `${uuid}\n`).join('')}\n`;
    }
    case 'domstate':
      return row ? `${row.state} (${row.reason})\n\n` : null;
    case 'domifaddr':
      return row ? leaseTable(row) : null;
    case 'dumpxml':
      return row ? `${domainXml(row)}\n` : null;
    default:
      return null;
  }
}

const OPTIONS: Readonly<Record<string, string>> = {
  running: '--state-running',
  paused: '--state-paused',
  'shut off': '--state-shutoff',
};

export const virshReply = (stdout: string, stderr = '', exit = 0): Reply => ({
  headers: { 'x-stderr': Buffer.from(stderr).toString('base64'), 'x-exit': String(exit) },
  body: stdout,
});

/** As when no connection comes about. */
export const refused = (detail: string): Reply =>
  virshReply('', `error: failed to connect to the hypervisor\nerror: ${detail}\n`, 1);

export const worldOf = (host: LibvirtHost, rows: readonly DomainRow[]): World => ({
  capabilities: capabilitiesXml(host),
  hostname: host.hostname,
  nodeinfo: nodeInfo(host),
  rows,
});

export interface LibvirtCloud extends FakeCloud {
  /** UUID of the hypervisor that answers in place of the fleet's. */
  pretend: string | null;
}

/** One hypervisor of the fleet behind the fake virsh. */
export function libvirtCloud(choose: (hosts: readonly LibvirtHost[]) => LibvirtHost): LibvirtCloud {
  return {
    pretend: null,
    action: (request) => actionOf(runOf(request)),
    answer(request, { fleet, now, rewrite }) {
      const host = choose(fleet.libvirtHosts());
      const rows = rewrite([...fleet.at(now()).domains(host)].map(rowOf));
      const world = worldOf(host, rows);
      if (this.pretend) world.capabilities = world.capabilities.replaceAll(host.uuid, this.pretend);
      return answerVirsh(runOf(request), world);
    },
  };
}
