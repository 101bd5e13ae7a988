import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Fleet, fleetOf } from '#lib/demo/index.ts';
import { azure } from '#providers/azure/index.ts';
import { AZURE_TOKEN, armFailure, azureCloud } from '#tests/fakes/azure.ts';
import { pagesOf } from '#tests/fakes/paging.ts';
import { type FakeRequest, type FakeServer, json, type Reply, startFake } from '#tests/fakes/server.ts';
import { listCloud, type OpenCloud, openCloud } from '#tests/support/cloud.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const SETS = 'Compute/virtualMachineScaleSets';

describe('Azure on the wire', () => {
  const fleet: Fleet = fleetOf({ seed: 7, resources: 2000, faults: false });
  const [subscription = ''] = fleet.accounts('azure').map((account) => account.id);
  const cloud = azureCloud();
  let fake: FakeServer;
  const opened: OpenCloud[] = [];

  beforeEach(async () => {
    cloud.pretend = null;
    fake = await startFake(cloud, { fleet, now: () => NOW });
  });
  afterEach(async () => {
    for (const { connection } of opened.splice(0)) await connection.close();
    await fake.close();
  });

  async function open(config: object = {}): Promise<OpenCloud> {
    const base = { subscriptions: [subscription], endpoint: fake.url, token: AZURE_TOKEN };
    const source = await openCloud(azure, { ...base, ...config });
    opened.push(source);
    return source;
  }
  async function list(source: OpenCloud, part = 'virtual-machines') {
    return listCloud(source.connection, await source.scope({ part }));
  }
  const asked = (action: string): FakeRequest[] => fake.requests.filter((r) => r.action === `Microsoft.${action}/read`);
  const answer = (action: string, reply: Reply, times = Number.POSITIVE_INFINITY) =>
    fake.script({ when: (r) => r.action === `Microsoft.${action}/read`, reply, times });
  const denied = armFailure(403, 'AuthorizationFailed');

  it('joins power states, sizes and addresses to the machines with a handful of calls', async () => {
    const { rows, error } = await list(await open());
    expect(error).toBeNull();
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      expect(row.nativeState).toMatch(/^(PowerState|HibernationState|ProvisioningState)\//);
      expect([row.vcpus, row.memory]).not.toContain(null);
      expect(row.addresses?.length).toBeGreaterThan(0);
    }
    expect(rows.some((row) => (row.mappedAddresses?.length ?? 0) > 0)).toBe(true);
    expect(asked('Compute/virtualMachines').map((r) => r.query.get('statusOnly'))).toEqual(['true', null]);
    expect(asked('Network/networkInterfaces')).toHaveLength(1);
  });

  it('lists an instance of a scale set once, whichever its mode', async () => {
    const source = await open();
    const machines = (await list(source)).rows;
    const inSets = (await list(source, 'scale-set-vms')).rows;
    const flexible = machines.filter((row) => JSON.stringify(row.raw).includes('virtualMachineScaleSet'));
    expect(flexible.length).toBeGreaterThan(0);
    expect(inSets.length).toBeGreaterThan(0);
    const uids = [...machines, ...inSets].map((row) => row.uid);
    expect(new Set(uids).size).toBe(uids.length);
    const moment = fleet.at(NOW);
    const places = fleet.accounts('azure').find((a) => a.id === subscription)?.places ?? [];
    const all = places.flatMap((place) => [...moment.machines(place)]).map((machine) => machine.nativeId.toLowerCase());
    expect(uids.map((uid) => uid.split('@')[0]).sort()).toEqual(all.sort());
    // Flexible sets are listed among the sets, and not asked for their instances.
    const sets = new Set(asked(`${SETS}/virtualMachines`).map((r) => r.path));
    expect([...sets].length).toBe(new Set(inSets.map((row) => row.uid.replace(/\/virtualmachines\/.*/, ''))).size);
  });

  it.each([
    ['Compute/virtualMachines', 'virtual-machines', 'a number', 7],
    ['Compute/virtualMachines', 'virtual-machines', 'the text ":::"', ':::'],
    [SETS, 'scale-set-vms', 'an object with href', { href: 'https://example.org' }],
  ])('fault 114: %s of %s says of a next link that it is none: %s', async (action, part, shape, nextLink) => {
    const source = await open();
    const scope = await source.scope({ part });
    fake.script({
      when: (r) => r.action === `Microsoft.${action}/read` && !r.query.has('statusOnly'),
      reply: json({ value: [], nextLink }),
    });
    expect((await listCloud(source.connection, scope)).error).toMatchObject({
      kind: 'bad-reply',
      message: `${subscription}: Microsoft.${action}/read, page 1: expected an address in nextLink, got ${shape}`,
    });
  });

  it.each([
    ['Compute/skus', json({ value: null }), 'expected a list of rows in value, got null'],
    ['Compute/skus', json({ value: [], nextLink: 7 }), 'expected an address in nextLink, got a number'],
    ['Compute/skus', armFailure(500, 'InternalError'), 'answered 500 InternalError'],
    ['Network/networkInterfaces', json({ rows: [] }), 'expected a list of rows in value, got an object with rows'],
    ['Network/publicIPAddresses', json({ value: [], nextLink: 7 }), 'expected an address in nextLink, got a number'],
  ])('fault 114: %s says what came in place of what', async (action, reply, expected) => {
    const source = await open();
    answer(action, reply);
    const found = (await source.permissions()).find((one) => one.action === `Microsoft.${action}/read`);
    expect(found?.message).toContain(`${subscription}: Microsoft.${action}/read: ${expected}`);
  });

  it('fault 114: says of rows that its SDK cannot take apart that they are what is wrong', async () => {
    const source = await open();
    const scope = await source.scope({ part: 'virtual-machines' });
    answer('Compute/virtualMachines', json({ value: [null] }));
    expect((await listCloud(source.connection, scope)).error).toMatchObject({
      kind: 'bad-reply',
      message: expect.stringContaining('expected rows that its SDK can take apart, got others (TypeError)'),
    });
  });

  it('asks for the sizes of a location once a day', async () => {
    const source = await open();
    await list(source);
    const calls = asked('Compute/skus').length;
    await list(source);
    await list(source, 'scale-set-vms');
    expect(asked('Compute/skus')).toHaveLength(calls);
    expect(asked('Compute/skus')[0]?.query.get('$filter')).toMatch(/^location eq '[a-z0-9]+'$/);
  });

  it('knows the sizes of a location in the words of the portal too', async () => {
    const spaced = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value).replaceAll('"westeurope"', '"West Europe"'));
    fake.script({
      when: (r) => r.action === 'Microsoft.Compute/virtualMachines/read',
      reply: async (_, real) => {
        const reply = await real();
        return { ...reply, body: JSON.stringify(spaced(JSON.parse(String(reply.body)))) };
      },
    });
    const rows = (await list(await open())).rows.filter((row) => row.region === 'westeurope');
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect([row.vcpus, row.memory]).not.toContain(null);
    expect(asked('Compute/skus').map((r) => r.query.get('$filter'))).toContain("location eq 'westeurope'");
  });

  it.each([
    ['virtual-machines', 'Network/networkInterfaces'],
    ['scale-set-vms', `${SETS}/networkInterfaces`],
  ])(
    'fault 5: keeps the rows of %s when their interfaces are denied, and addresses that it knew',
    async (part, action) => {
      const source = await open();
      const before = (await list(source, part)).rows;
      answer(action, denied);
      const known = await list(source, part);
      expect(known.error).toBeNull();
      expect(known.rows.map((row) => row.addresses)).toEqual(before.map((row) => row.addresses));

      const unknowing = await open();
      const { rows, error } = await list(unknowing, part);
      expect(error).toBeNull();
      expect(rows.map((row) => row.uid)).toEqual(before.map((row) => row.uid));
      expect(rows.every((row) => row.addresses === null && row.mappedAddresses === null)).toBe(true);
      expect(unknowing.logged).toContainEqual(
        expect.objectContaining({
          event: 'detail.unavailable',
          fields: expect.objectContaining({ kind: 'permission' }),
        }),
      );
    },
  );

  it('fault 5: keeps private addresses when public ones are denied', async () => {
    answer('Network/publicIPAddresses', denied);
    const { rows } = await list(await open());
    expect(rows.every((row) => (row.addresses?.length ?? 0) > 0)).toBe(true);
    expect(rows.some((row) => row.mappedAddresses === null)).toBe(true);
    expect(rows.flatMap((row) => row.mappedAddresses ?? [])).toEqual([]);
  });

  it('fault 5, fault 103: has every row in its state when details fail from the first start on, and says which', async () => {
    const whole = await list(await open());
    answer('Network/networkInterfaces', armFailure(503, 'ServiceUnavailable'));
    const { rows, error, detailErrors } = await list(await open());
    expect(error).toBeNull();
    expect(rows.map(({ uid, state }) => [uid, state])).toEqual(whole.rows.map(({ uid, state }) => [uid, state]));
    expect(detailErrors).toMatchObject([{ call: 'Microsoft.Network/networkInterfaces/read', kind: 'network' }]);
  });

  it('keeps the instances of other scale sets when one is denied, and is incomplete', async () => {
    const source = await open({ subscriptions: fleet.accounts('azure').map((a) => a.id) });
    let most: { account: string; sets: number } = { account: '', sets: 0 };
    for (const scope of (await source.scopes()).filter((s) => s.part === 'scale-set-vms')) {
      fake.requests.length = 0;
      await listCloud(source.connection, scope);
      const sets = asked(`${SETS}/virtualMachines`).length;
      if (sets > most.sets) most = { account: scope.account, sets };
    }
    expect(most.sets).toBeGreaterThan(1);
    const scope = await source.scope({ account: most.account, part: 'scale-set-vms' });
    const whole = await listCloud(source.connection, scope);
    answer(`${SETS}/virtualMachines`, denied, 1);
    const { rows, error } = await listCloud(source.connection, scope);
    expect(error).toMatchObject({ kind: 'permission' });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThan(whole.rows.length);
  });

  it.each([
    ['virtual-machines', 'Compute/virtualMachines'],
    ['scale-set-vms', SETS],
    ['scale-set-vms', `${SETS}/virtualMachines`],
  ])('fault 14: %s are incomplete when an answer of %s has no value', async (part, action) => {
    answer(action, json({}));
    expect((await list(await open(), part)).error).toMatchObject({ kind: 'bad-reply' });
  });

  it('fault 21: sends its credential to no other address, whichever list names it', async () => {
    const trap = await startFake({ action: () => 'trap', answer: () => json({ value: [] }) }, { fleet, now: () => 0 });
    const elsewhere = json({ value: [], nextLink: `${trap.url}/subscriptions/${subscription}/x` });
    answer('Compute/virtualMachines', elsewhere, 1);
    expect((await list(await open())).error).toMatchObject({ kind: 'bad-reply' });
    for (const action of ['Network/networkInterfaces', 'Compute/skus']) {
      answer(action, elsewhere, 1);
      const { error, detailErrors } = await list(await open());
      expect(error).toBeNull();
      expect(detailErrors).toMatchObject([{ call: `Microsoft.${action}/read`, kind: 'bad-reply' }]);
    }
    expect(trap.requests).toEqual([]);
    await trap.close();
  });

  it('fault 100: refuses a subscription of another tenant, and rows of another subscription', async () => {
    const foreign = await open({ tenant: '00000000-0000-4000-8000-00000000beef' });
    await expect(foreign.scopes()).rejects.toMatchObject({ kind: 'config' });
    expect(asked('Compute/virtualMachines')).toEqual([]);

    const id = '/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/a/providers/b/c/d';
    answer('Compute/virtualMachines', json({ value: [{ id, name: 'd', location: 'x' }] }));
    expect(await list(await open())).toMatchObject({ rows: [], error: { kind: 'config' } });
  });

  it('takes the tenant that manages a subscription for another', async () => {
    const manager = '00000000-0000-4000-8000-00000000beef';
    const about = { subscriptionId: subscription, tenantId: subscription, managedByTenants: [{ tenantId: manager }] };
    answer('Resources/subscriptions', json(about));
    expect(await (await open({ tenant: manager })).scopes()).toHaveLength(2);
  });

  it('finds its other subscriptions when one cannot be read', async () => {
    const subscriptions = fleet.accounts('azure').map((account) => account.id);
    fake.script({
      when: (r) => r.path === `/subscriptions/${subscription}`,
      reply: armFailure(429, 'TooManyRequests'),
    });
    expect(await (await open({ subscriptions })).scopes()).toHaveLength(2 * subscriptions.length);
  });

  it('follows pages of every list to their end', async () => {
    const source = await open();
    const whole = await list(source);
    fake.paging = pagesOf(7);
    const paged = await list(await open());
    expect(paged.error).toBeNull();
    expect(paged.rows.map((row) => [row.uid, row.state, row.addresses, row.mappedAddresses, row.vcpus])).toEqual(
      whole.rows.map((row) => [row.uid, row.state, row.addresses, row.mappedAddresses, row.vcpus]),
    );
  });
});
