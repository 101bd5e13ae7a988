import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drain } from '#lib/model/index.ts';
import { novaError } from '#tests/fakes/openstack.ts';
import { plainWorld } from '#tests/fakes/openstack-world.ts';
import { type Paging, pagesOf } from '#tests/fakes/paging.ts';
import { json } from '#tests/fakes/server.ts';
import { listCloud } from '#tests/support/cloud.ts';
import { openstackRig } from '#tests/support/openstack-rig.ts';

const OF_ALL = 'servers:detail:get_all_tenants';
const HYPERVISORS = 'os-hypervisors:list-detail';
const call = () => ({ signal: new AbortController().signal });

/** Pages as Nova's: one that is full has a link behind it, whether anything follows or not. */
const asNova =
  (size: number): Paging =>
  (rows, token) => {
    const from = Number(token?.slice(1) ?? 0);
    const some = rows.slice(from, from + size);
    return { rows: some, next: some.length === size ? `t${from + size}` : undefined };
  };

describe('Nova on the wire', () => {
  it('lists 2,500 servers by three requests, in one sign-in and one look at the versions', async () => {
    const { fake, open, asked } = await openstackRig({}, plainWorld(2500));
    fake.paging = pagesOf(1000);
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    expect(asked('/tokens')).toHaveLength(1);
    fake.requests.length = 0;
    const { rows, error } = await listCloud(source.connection, scope);
    expect(error).toBeNull();
    expect(rows).toHaveLength(2500);
    expect(asked(OF_ALL).map(({ query }) => query.get('limit'))).toEqual(['1000', '1000', '1000']);
    expect(fake.requests).toHaveLength(3);
  });

  it('reads the empty page behind a full last one as the end', async () => {
    const { fake, open, asked } = await openstackRig();
    fake.paging = asNova(20);
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    fake.requests.length = 0;
    const { rows, error } = await listCloud(source.connection, scope);
    expect(error).toBeNull();
    expect(rows).toHaveLength(40);
    expect(asked(OF_ALL).map(({ query }) => query.get('marker'))).toEqual([null, 't20', 't40']);
  });

  it('begins anew when the server behind which a page begins was deleted, and keeps nothing of before', async () => {
    const { fake, open, asked } = await openstackRig();
    fake.paging = pagesOf(20);
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    fake.requests.length = 0;
    fake.script({
      when: ({ action, query }) => action.endsWith(OF_ALL) && query.has('marker'),
      reply: novaError(400, 'badRequest', 'marker [t20] not found'),
      times: 1,
    });
    const listing = await drain(scope, source.connection.list(scope, call()), () => ({
      kind: 'internal',
      message: '',
    }));
    expect(listing).toMatchObject({ complete: true, duplicates: 0 });
    expect(listing.resources.size).toBe(40);
    expect(asked(OF_ALL).map(({ query }) => query.get('marker'))).toEqual([null, 't20', null, 't20']);
  });

  it('gives up after three markers that vanished', async () => {
    const { fake, open, asked } = await openstackRig();
    fake.paging = pagesOf(20);
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    fake.requests.length = 0;
    fake.script({ when: ({ query }) => query.has('marker'), reply: novaError(400, 'badRequest', 'marker not found') });
    const { error } = await listCloud(source.connection, scope);
    expect(error).toMatchObject({ kind: 'bad-reply', message: expect.stringContaining('no longer knows') });
    expect(asked(OF_ALL)).toHaveLength(6);
  });

  it('takes 400 for a first page for what it is', async () => {
    const { fake, open, asked } = await openstackRig();
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    fake.requests.length = 0;
    fake.script({ when: ({ action }) => action.endsWith(OF_ALL), reply: novaError(400, 'badRequest', 'Bad limit.') });
    expect((await listCloud(source.connection, scope)).error).toMatchObject({ kind: 'bad-reply' });
    expect(asked(OF_ALL)).toHaveLength(1);
  });

  it('asks servers with 2.96 and hypervisors with 2.87, the last that says what hardware they have', async () => {
    const { open, asked } = await openstackRig({ newest: 100 });
    const source = await open();
    await listCloud(source.connection, await source.scope({ part: 'servers' }));
    const { rows } = await listCloud(source.connection, await source.scope({ part: 'hypervisors' }));
    expect(new Set(asked(OF_ALL).map(({ headers }) => headers['openstack-api-version']))).toEqual(
      new Set(['compute 2.96']),
    );
    expect(asked(HYPERVISORS)[0]?.headers['openstack-api-version']).toBe('compute 2.87');
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({ kind: 'host', vcpus: 64, physical: { cpu: 64, memory: 262_144 } });
  });

  it('puts servers on the hypervisors that they name', async () => {
    const { open } = await openstackRig();
    const source = await open();
    const { rows } = await listCloud(source.connection, await source.scope({ part: 'servers' }));
    const hosts = (await listCloud(source.connection, await source.scope({ part: 'hypervisors' }))).rows;
    for (const row of rows) {
      const [below] = row.hostedBy;
      const on = hosts.filter((host) => host.identities.some((i) => i.type === below?.type && i.value === below.value));
      expect(on).toHaveLength(1);
    }
  });

  it.each([
    [93, 'compute 2.93', undefined],
    [50, 'compute 2.50', undefined],
    [19, 'compute 2.19', '2.19'],
  ])('asks a Nova up to 2.%i for the newest it has', async (newest, standard, own) => {
    const { open, asked } = await openstackRig({ newest });
    const source = await open();
    const { rows, error } = await listCloud(source.connection, await source.scope({ part: 'servers' }));
    expect(error).toBeNull();
    expect(rows.every((row) => row.type === 'm1.small' && row.vcpus === 2 && row.memory === 4096)).toBe(true);
    const [request] = asked(OF_ALL);
    expect(request?.headers['openstack-api-version']).toBe(standard);
    expect(request?.headers['x-openstack-nova-api-version']).toBe(own);
    expect(asked('flavors/detail')).toHaveLength(newest < 47 ? 1 : 0);
  });

  it('steps down when the version that was promised is refused, and remembers where it came to', async () => {
    const { fake, open, asked } = await openstackRig({ newest: 60, promised: 96 });
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    const tried = asked(OF_ALL).map(({ headers }) => headers['openstack-api-version']);
    expect(tried).toEqual(['96', '90', '87', '79', '73', '69', '60'].map((minor) => `compute 2.${minor}`));
    fake.requests.length = 0;
    expect((await listCloud(source.connection, scope)).rows).toHaveLength(40);
    expect(asked(OF_ALL)).toHaveLength(1);
  });

  it('looks at the versions again after an hour: clouds are upgraded', async () => {
    const { cloud, open, asked } = await openstackRig({ newest: 42 });
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    cloud.newest = 96;
    await listCloud(source.connection, scope);
    expect(asked(OF_ALL).at(-1)?.headers['openstack-api-version']).toBe('compute 2.42');
    source.clock.advance(61 * 60_000);
    await listCloud(source.connection, scope);
    expect(asked(OF_ALL).at(-1)?.headers['openstack-api-version']).toBe('compute 2.96');
  });

  it('says so when there is no version in common', async () => {
    const { fake, open } = await openstackRig();
    const version = { id: 'v2.1', version: '2.200', min_version: '2.150' };
    fake.script({ when: ({ path }) => path === '/v2.1/', reply: json({ version }) });
    await expect((await open()).scopes()).rejects.toMatchObject({ kind: 'unsupported' });
  });

  it('fault 36: with a token reads what the access rules name, beside the document of versions, and writes nothing', async () => {
    const { fake, open } = await openstackRig({ newest: 42 });
    const source = await open();
    for (const scope of await source.scopes()) await listCloud(source.connection, scope);
    await source.permissions();
    const made = fake.requests.filter(({ path }) => path.startsWith('/v2.1/') && path !== '/v2.1/');
    const file = new URL('../../../providers/openstack/permissions-access-rules.json', import.meta.url);
    const rules: { method: string; path: string }[] = JSON.parse(readFileSync(file, 'utf8'));
    expect(new Set(made.map(({ method, path }) => `${method} ${path}`))).toEqual(
      new Set(rules.map(({ method, path }) => `${method} ${path}`)),
    );
  });

  it('redacts metadata whose key says that it is a secret, and drops user data', async () => {
    const world = plainWorld(1);
    const secrets = { metadata: { password: 'hunter2', team: 'a' }, 'OS-EXT-SRV-ATTR:user_data': 'aHVudGVyMg==' };
    const { open } = await openstackRig(
      {},
      { ...world, servers: world.servers.map((row) => ({ ...row, ...secrets })) },
    );
    const source = await open();
    const { rows } = await listCloud(source.connection, await source.scope({ part: 'servers' }));
    expect({ ...rows[0]?.tags }).toEqual({ password: '[redacted]', team: 'a' });
    expect(JSON.stringify(rows)).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});
