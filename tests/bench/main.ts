import { join } from 'node:path';
import { ensureBuild } from '#scripts/build.ts';
import { withoutCredentials } from '#scripts/environment.ts';
import { benchContexts } from './contexts.ts';
import { benchDockerKills } from './docker-kills.ts';
import { benchKubernetesDecode } from './kubernetes-decode.ts';
import { benchLibvirt } from './libvirt.ts';
import { benchListing } from './listing.ts';
import { benchPage } from './page.ts';
import { benchQueries, queryTable } from './query.ts';
import { benchStack, stackTable } from './stack.ts';

// `npm run bench [-- queries stack listing page] [--resources 1000000]`: prints every figure with its baseline of the same run.
const args = process.argv.slice(2);
const at = args.indexOf('--resources');
const resources = at < 0 ? 100_000 : Number(args[at + 1]);
const asked = (at < 0 ? args : args.toSpliced(at, 2)).filter((arg) => !arg.startsWith('-'));
const wants = (name: string) => asked.length === 0 || asked.includes(name);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const row = (...cells: (string | number)[]) =>
  say(cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 10 ? 2 : 0) : cell).padStart(14)).join(''));

if (wants('queries')) say(queryTable(await benchQueries({ resources })));

if (wants('stack')) say(stackTable(await benchStack(resources)));

if (wants('listing')) {
  row('50,000 of', 'listing', 'rows', 'ours CPU ms', 'bare CPU ms', 'ratio', 'peak MiB');
  for (const provider of ['aws', 'kubernetes'] as const) {
    const f = await benchListing(provider, 50_000, 3);
    for (const which of ['first', 'again'] as const)
      row(provider, which, String(f.rows), f[which].ours, f[which].bare, f[which].ratio, f.peak);
  }
  const decode = await benchKubernetesDecode(50_000, 3);
  row('pods, no commit', 'SDK loop', String(decode.rows), decode.ours, decode.sdk, decode.ratioToSdk, decode.peak);
  say('');
}

if (wants('libvirt')) {
  const f = await benchLibvirt(2000, 3);
  row('2,000 domains', 'rows', 'processes', 'wall ms', 'ours CPU ms', 'virsh CPU ms');
  row('test driver', String(f.domains), String(f.processes), f.wallMs, f.oursMs, f.virshMs);
  say('');
}

if (wants('docker-kills')) {
  const f = await benchDockerKills(Math.min(200, resources));
  row('docker kill', 'lost', 'p50 ms', 'p95 ms', 'longest ms', 'ours p95 ms');
  row(String(f.kills), String(f.lost), f.p50, f.p95, f.longest, f.ours);
  say('');
}

if (wants('contexts')) {
  const { alone, among } = await benchContexts(5);
  row('100 clusters', 'first ms', 'middle ms', 'last ms', 'connections');
  for (const [name, f] of Object.entries({ alone, 'among 200 dead': among }))
    row(name, f.first, f.middle, f.last, String(f.connections));
  say('');
}

if (wants('page')) {
  await ensureBuild(join(import.meta.dirname, '../..'), withoutCredentials(process.env), say);
  const f = await benchPage(resources, 5);
  say(`the page over ${f.resources} resources, cold, no throttling`);
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
}
