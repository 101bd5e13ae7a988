import { writeSync } from 'node:fs';
import { drain, type Resource, resourceOf, type Scope } from '#lib/model/index.ts';
import { openWriteStore } from '../../index.ts';

// node writer.ts <path> <rows> <turns>: commits one generation after the other, whose rows all carry its number, and says
// `<generation>` when the commit is acknowledged. Kills itself after so many turns of the event loop; 0: never.

const [path = '', rows = '0', turns = '0'] = process.argv.slice(2);

const scope: Scope = {
  id: 'prod/a/*/instances',
  provider: 'aws',
  source: 'prod',
  account: 'a',
  region: null,
  part: 'instances',
  kind: 'vm',
  label: 'a',
};

const row = (n: number, generation: number): Resource =>
  resourceOf({
    uid: `vm:${n}`,
    provider: 'aws',
    source: 'prod',
    scope: scope.id,
    kind: 'vm',
    name: `m${n}`,
    nativeId: `${n}`,
    objectId: `${n}`,
    state: 'running',
    addresses: [],
    mappedAddresses: [],
    vcpus: generation,
    raw: { generation },
  });

async function* batches(generation: number) {
  yield { resources: Array.from({ length: Number(rows) }, (_, n) => row(n, generation)), unreadable: [] };
}

let turn = 0;
const count = () => {
  if (++turn === Number(turns)) process.kill(process.pid, 'SIGKILL');
  setImmediate(count);
};

const store = await openWriteStore(path, { clock: Date });
await store.registerScopes('prod', [scope], { interval: 60_000, at: Date.now() });
writeSync(1, 'open\n');
if (Number(turns) > 0) count();
for (;;) {
  const generation = await store.nextGeneration(scope.id);
  const listing = await drain(scope, batches(generation), () => ({ kind: 'internal', message: '' }));
  await store.commit(listing, { generation, at: Date.now(), limit: () => 0 });
  writeSync(1, `${generation}\n`);
}
