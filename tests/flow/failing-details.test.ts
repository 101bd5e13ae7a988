import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { setWebProcess } from '#app/server/service.ts';
import { whyNotKnown } from '#app/ui/text/not-known.ts';
import { resourceDetailSchema, resourcePageSchema, scopesSchema } from '#lib/api/resources.ts';
import { type Fleet, openFleet } from '#lib/demo/index.ts';
import { type ScopeStatus, stateSchema } from '#lib/model/index.ts';
import { readQuestions } from '#lib/questions/kit/table.ts';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import type { Source } from '#lib/sync/source.ts';
import { Sync } from '#lib/sync/sync.ts';
import { startQueryService } from '#lib/web/client.ts';
import { aws } from '#providers/aws/index.ts';
import { azure } from '#providers/azure/index.ts';
import type { Provider } from '#providers/contract.ts';
import { gcp } from '#providers/gcp/index.ts';
import { openstack } from '#providers/openstack/index.ts';
import { stubFakeKeys, withRole } from '#tests/contract/aws/aws-rig.ts';
import { awsCloud } from '#tests/fakes/aws.ts';
import { AZURE_TOKEN, azureCloud } from '#tests/fakes/azure.ts';
import { GCP_TOKEN, gcpCloud } from '#tests/fakes/gcp.ts';
import { OPENSTACK_PASSWORD, OPENSTACK_USER, openstackCloud } from '#tests/fakes/openstack.ts';
import { plainWorld } from '#tests/fakes/openstack-world.ts';
import { type FakeServer, type Reply, startFake } from '#tests/fakes/server.ts';
import { get } from '#tests/support/api.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { silentLogger as log } from '#tests/support/log.ts';

// Four clouds on the wire, the real clients, sync, SQLite, the index in its worker, the routes.
const MINUTE = 60_000;
const INTERVAL = 5 * MINUTE;

/** All that is asked beside a list. */
const DETAILS = new Set([
  'ec2:DescribeInstanceTypes',
  'compute.machineTypes.list',
  'Microsoft.Compute/skus/read',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.Network/publicIPAddresses/read',
  'Microsoft.Compute/virtualMachineScaleSets/networkInterfaces/read',
  'Microsoft.Compute/virtualMachineScaleSets/publicIPAddresses/read',
  'Microsoft.Resources/subscriptions/read',
  'GET /v2.1/flavors/detail',
]);

interface Clouds {
  sources: Source[];
  /** Makes every call beside a list answer so; null: as it should. */
  break(reply: Reply | null, actions?: ReadonlySet<string>): void;
}

async function startClouds(fleet: Fleet, now: number): Promise<Clouds> {
  stubFakeKeys();
  let broken: Reply | null = null;
  let hit: ReadonlySet<string> = DETAILS;
  const start = async (cloud: Parameters<typeof startFake>[0]) => {
    const fake = await startFake(cloud, { fleet, now: () => now });
    onTestFinished(() => fake.close());
    fake.script({ when: ({ action }) => broken !== null && hit.has(action), reply: () => broken ?? {} });
    return fake;
  };
  // A cloud that was last upgraded in 2016: its flavors are a call of their own.
  const old = openstackCloud({ newest: 42 });
  old.world = plainWorld(40);
  const made: [Provider, FakeServer, (fake: FakeServer) => object][] = [
    [
      aws as Provider,
      await start(awsCloud()),
      ({ url }) => ({ endpoint: url, accounts: fleet.accounts('aws').map(({ id }) => withRole(id)) }),
    ],
    [
      gcp as Provider,
      await start(gcpCloud()),
      ({ url }) => ({ endpoint: url, token: GCP_TOKEN, projects: fleet.accounts('gcp').map(({ id }) => id) }),
    ],
    [
      azure as Provider,
      await start(azureCloud()),
      ({ url }) => ({
        endpoint: url,
        token: AZURE_TOKEN,
        subscriptions: fleet.accounts('azure').map(({ id }) => id),
        tenant: azureCloud().tenant(fleet),
      }),
    ],
    [
      openstack as Provider,
      await start(old),
      ({ url }) => ({ authUrl: url, username: OPENSTACK_USER, password: OPENSTACK_PASSWORD, project: 'team-1' }),
    ],
  ];
  return {
    sources: made.map(([provider, fake, config]) => ({
      id: provider.id,
      provider,
      interval: INTERVAL,
      discovery: 6 * INTERVAL,
      open: async (env) => (await provider.load()).open(provider.config.parse(config(fake)), env),
    })),
    break: (reply, actions = DETAILS) => {
      broken = reply;
      hit = actions;
    },
  };
}

const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'muster-details-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return join(made, 'muster.db');
};

/** A collector over a store file, from its start to its stop. */
async function collector(clock: VirtualClock, sources: readonly Source[], path: string) {
  const write = await openWriteStore(path, { clock });
  const read = await openReadStore(path);
  const sync = new Sync({ sources, store: write, clock, random: () => 0.5, log });
  await sync.start();
  return {
    read,
    /** Lets I/O happen and short waits pass until `condition` holds; what is due in minutes comes by `minutes`. */
    async until(condition: (scopes: ScopeStatus[]) => boolean): Promise<void> {
      while (!condition(await read.scopes())) {
        for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
        const next = clock.sleeping()[0];
        if (next !== undefined && next <= 10_000) await clock.advance(next);
      }
    },
    async rows() {
      const rows = [];
      for await (const chunk of read.scan(1000)) rows.push(...chunk.map(({ resource }) => resource));
      return rows.sort((a, b) => (a.uid < b.uid ? -1 : 1));
    },
    async stop() {
      await clock.run(sync.stop());
      await read.close();
      await write.close();
    },
  };
}

const listed = (since: number) => (scopes: ScopeStatus[]) =>
  scopes.length > 10 && scopes.every(({ lastAttempt }) => lastAttempt !== null && Date.parse(lastAttempt) >= since);

describe('four clouds', () => {
  it.each<[string, Reply]>([
    ['answer 500', { status: 500, body: 'no luck' }],
    ['answer nonsense', { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }],
  ])(
    'fault 5, fault 103: whose every call beside their lists %s from the first start on are all there, fresh, in their states; page and API say what is not known and since when',
    { timeout: 240_000 },
    async (_, reply) => {
      const fleet = openFleet({ seed: 7, resources: 1200, faults: false });
      const clock = new VirtualClock();
      const clouds = await startClouds(fleet, clock.now());
      const calm = await collector(clock, clouds.sources, folder());
      await calm.until(listed(0));
      const expected = await calm.rows();
      await calm.stop();
      expect(new Set(expected.map(({ provider }) => provider)).size).toBe(4);

      clouds.break(reply);
      const path = folder();
      const began = clock.now();
      const ill = await collector(clock, clouds.sources, path);
      await ill.until(listed(began));
      const scopes = await ill.read.scopes();
      expect(scopes.filter(({ state }) => state !== 'fresh')).toEqual([]);
      const rows = await ill.rows();
      const known = (all: typeof rows) => all.map(({ uid, state, nativeState }) => ({ uid, state, nativeState }));
      expect(known(rows)).toEqual(known(expected));
      const failing = new Set(scopes.flatMap(({ detailErrors }) => detailErrors.map(({ call }) => call)));
      for (const provider of ['aws', 'gcp', 'azure', 'openstack']) {
        const own = scopes.filter((scope) => scope.provider === provider && scope.count > 0 && scope.kind === 'vm');
        expect(own.some(({ detailErrors }) => detailErrors.length > 0)).toBe(true);
      }
      expect([...failing].sort()).toEqual(
        expect.arrayContaining(['Microsoft.Compute/skus/read', 'compute.machineTypes.list']),
      );

      await throughApi(
        path,
        rows.map(({ uid }) => uid),
      );

      clouds.break(null);
      await clock.advance(15 * MINUTE + INTERVAL);
      const later = clock.now();
      await clock.advance(INTERVAL);
      await ill.until(listed(later));
      const healed = await ill.read.scopes();
      expect(healed.flatMap(({ detailErrors }) => detailErrors)).toEqual([]);
      expect(await ill.rows()).toEqual(expected);
      await ill.stop();
    },
  );

  it('fault 5, fault 103: know after a restart what their calls told before, also of machines that are new', {
    timeout: 240_000,
  }, async () => {
    const fleet = openFleet({ seed: 7, resources: 1200, faults: false });
    const clock = new VirtualClock();
    const clouds = await startClouds(fleet, clock.now());
    const path = folder();
    const first = await collector(clock, clouds.sources, path);
    await first.until(listed(0));
    const expected = await first.rows();
    await first.stop();

    // Another store, in which nothing is but what the calls of the first process have told: every row is new.
    const other = folder();
    const before = await openWriteStore(path, { clock });
    const fresh = await openWriteStore(other, { clock });
    let kept = 0;
    for (const { id } of clouds.sources)
      for (const key of keptKeys(fleet)) {
        const answer = await before.keptAnswer(id, key);
        if (!answer) continue;
        kept++;
        await fresh.keepAnswer(id, key, answer);
      }
    expect(kept).toBeGreaterThanOrEqual(4);
    await before.close();
    await fresh.close();

    clouds.break({ status: 500, body: 'no luck' }, KEPT);
    const began = clock.now();
    const second = await collector(clock, clouds.sources, other);
    await second.until(listed(began));
    expect(await second.rows()).toEqual(expected);
    const scopes = await second.read.scopes();
    expect(scopes.flatMap(({ detailErrors }) => detailErrors).length).toBeGreaterThan(0);
    expect(scopes.filter(({ state }) => state !== 'fresh')).toEqual([]);
    await second.stop();
  });
});

/** Calls whose last good answer outlives the process, and where it is kept. */
const KEPT = new Set([
  'ec2:DescribeInstanceTypes',
  'compute.machineTypes.list',
  'Microsoft.Compute/skus/read',
  'Microsoft.Resources/subscriptions/read',
  'GET /v2.1/flavors/detail',
]);
const keptKeys = (fleet: Fleet): string[] => [
  'ec2:DescribeInstanceTypes',
  'compute.machineTypes.list',
  'flavors/detail RegionOne *',
  ...fleet
    .accounts('azure')
    .flatMap(({ id, places }) => [
      `Microsoft.Resources/subscriptions/read ${id}`,
      ...places.map(({ region }) => `Microsoft.Compute/skus/read ${region}`),
    ]),
];

/** What a reader gets of the rows of this store: each says of its empty fields why they are. */
async function throughApi(path: string, uids: readonly string[]): Promise<void> {
  const service = startQueryService({ path, log });
  const unreachable = async () => ({ answer: 'unreachable' }) as const;
  const closing = new AbortController();
  setWebProcess({
    service,
    questions: await readQuestions(),
    providers: [],
    refresh: async () => 'unreachable',
    decide: unreachable,
    undecide: unreachable,
    closing: closing.signal,
  });
  try {
    await service.ready();
    const page = resourcePageSchema.parse(await (await get('/resources', { limit: 1000 })).json());
    expect(page.total).toBe(uids.length);
    for (const provider of ['aws', 'gcp', 'azure', 'openstack']) {
      const row = page.items.find((item) => item.provider === provider && item.memory === null && item.kind === 'vm');
      if (!row) throw new Error(`no row of ${provider} lacks its size`);
      expect(stateSchema.safeParse(row.state).success).toBe(true);
      const error = row.notKnown.find(({ fields }) => fields.includes('memory'));
      if (!error) throw new Error(`${row.uid} does not say why it has no memory`);
      expect(whyNotKnown(error)).toMatch(/^not known: \S.+ (answers|fails:|gives) .+, since 2026-11-21T09:/);
      const answer = await get(`/resources/${encodeURIComponent(row.uid)}`);
      const { resource, scope } = resourceDetailSchema.parse(await answer.json());
      expect(resource.notKnown).toEqual(row.notKnown);
      expect(scope.reason).toBeNull();
      expect(scope.detailErrors.map(({ call }) => call)).toContain(error.call);
    }
    const { scopes } = scopesSchema.parse(await (await get('/scopes')).json());
    expect(scopes.some(({ detailErrors }) => detailErrors.length > 0)).toBe(true);
  } finally {
    closing.abort();
    await service.close();
  }
}
