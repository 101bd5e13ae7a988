import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium, NO_BROWSER } from '#scripts/machine/chromium.ts';
import { findVirsh, NO_VIRSH } from '#scripts/machine/virsh.ts';
import { ensureBuild } from '#scripts/processes/build.ts';
import { withoutCredentials } from '#scripts/processes/environment.ts';
import { whyNoEngine } from '#tests/support/docker/docker-engine.ts';
import { whyNoVirtualBox } from '#tests/support/virtualbox/real-virtualbox.ts';
import { benchContexts } from './contexts.ts';
import { benchDockerKills } from './docker-kills.ts';
import { benchKubernetesDecode } from './kubernetes-decode.ts';
import { benchLibvirt } from './libvirt.ts';
import { benchListing } from './listing.ts';
import { benchPage } from './page.ts';
import { benchQueries, queryTable } from './query.ts';
import { FULL, PARTS, type Part, type Size, SMALL } from './sizes.ts';
import { benchStack, stackTable } from './stack.ts';
import { benchVirtualBox } from './virtualbox.ts';

// `npm run bench [-- PART ...] [--resources N] [--small]`: prints every figure with its baseline of the same run.
const print = (line: string) => void process.stdout.write(`${line}\n`);
const row = (...cells: (string | number)[]) =>
  print(cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 2 : 0) : cell).padStart(14)).join(''));
const words = (count: number): string => count.toLocaleString('en-US');

const parts: Record<Part, (size: Size) => Promise<void>> = {
  async queries({ resources }) {
    print(queryTable(await benchQueries({ resources })));
  },

  async stack({ resources }) {
    print(stackTable(await benchStack(resources)));
  },

  async listing({ listed, runs }) {
    row(`${words(listed)} of`, 'listing', 'rows', 'ours CPU ms', 'bare CPU ms', 'ratio', 'peak MiB');
    for (const provider of ['aws', 'kubernetes'] as const) {
      const f = await benchListing(provider, listed, runs);
      for (const which of ['first', 'again'] as const)
        row(provider, which, String(f.rows), f[which].ours, f[which].bare, f[which].ratio, f.peak);
    }
    const decode = await benchKubernetesDecode(listed, runs);
    row('pods, no commit', 'SDK loop', String(decode.rows), decode.ours, decode.sdk, decode.ratioToSdk, decode.peak);
  },

  async libvirt({ domains, runs }) {
    if (!findVirsh()) return print(`libvirt is left out: ${NO_VIRSH}`);
    const f = await benchLibvirt(domains, runs);
    row(`${words(domains)} domains`, 'rows', 'processes', 'wall ms', 'ours CPU ms', 'virsh CPU ms');
    row('test driver', String(f.domains), String(f.processes), f.wallMs, f.oursMs, f.virshMs);
  },

  async virtualbox({ vms, runs }) {
    const reason = whyNoVirtualBox();
    if (reason) return print(`VirtualBox is left out: ${reason}`);
    const figures = await benchVirtualBox(vms, runs);
    row(`${words(vms)} VMs`, 'wall ms', 'ours CPU ms', 'VBoxManage ms', 'VBoxSVC ms', 'processes');
    for (const [name, f] of Object.entries(figures)) row(name, f.wall, f.ours, f.manage, f.server, String(f.processes));
  },

  async kills({ kills }) {
    const reason = whyNoEngine();
    if (reason) return print(`docker kill is left out: ${reason}`);
    const f = await benchDockerKills(kills);
    row('docker kill', 'lost', 'p50 ms', 'p95 ms', 'longest ms', 'ours p95 ms');
    row(String(f.kills), String(f.lost), f.p50, f.p95, f.longest, f.ours);
  },

  async contexts({ clusters, runs }) {
    const { alone, among } = await benchContexts(clusters, runs);
    row(`${clusters.live} clusters`, 'first ms', 'middle ms', 'last ms', 'connections');
    for (const [name, f] of Object.entries({ alone, [`among ${clusters.dead} dead`]: among }))
      row(name, f.first, f.middle, f.last, String(f.connections));
  },

  async page({ resources, runs }) {
    const browser = findChromium(process.env);
    if (!browser) return print(`the page is left out: ${NO_BROWSER}`);
    await ensureBuild(join(import.meta.dirname, '../..'), withoutCredentials(process.env), print);
    const f = await benchPage(browser, resources, runs);
    print(`the page over ${f.resources} resources, cold, no throttling`);
    row(
      'first rows ms',
      'bare page ms',
      'script kB gz',
      'tasks >50ms',
      '>100ms',
      'longest ms',
      'collector MiB',
      'web MiB',
    );
    row(f.rows, f.bare, f.script, String(f.long.above50), String(f.long.above100), f.long.longest, f.collector, f.web);
  },
};

/** What was asked for. @throws Error that says what can be */
function asked(): { wanted: readonly Part[]; size: Size } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { resources: { type: 'string' }, small: { type: 'boolean', default: false } },
  });
  const wanted = PARTS.filter((part) => positionals.length === 0 || positionals.includes(part));
  const unknown = positionals.filter((name) => !wanted.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  const size = values.small ? SMALL : FULL;
  const resources = Number(values.resources ?? size.resources);
  if (!(resources >= 1)) throw new Error(`--resources ${values.resources}: expected a number`);
  return { wanted, size: { ...size, resources } };
}

try {
  const { wanted, size } = asked();
  for (const part of wanted) {
    print(`== ${part}`);
    await parts[part](size);
    print('');
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
