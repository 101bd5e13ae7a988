import { describe, expect, it, onTestFinished } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import type { Scope } from '#lib/model/index.ts';
import { OPENSTACK_CREDENTIAL, OPENSTACK_PASSWORD, OPENSTACK_USER } from '#tests/fakes/openstack.ts';
import { plainWorld } from '#tests/fakes/openstack-world.ts';
import { startFake } from '#tests/fakes/server.ts';
import { listCloud } from '#tests/support/cloud.ts';
import { openstackRig } from '#tests/support/openstack-rig.ts';

const asUser = { username: OPENSTACK_USER, password: OPENSTACK_PASSWORD };
const asApplication = { applicationCredential: OPENSTACK_CREDENTIAL };
const world = plainWorld(40, 4);
const _everything: Scope = {
  id: 'test/*/RegionOne/servers',
  provider: 'openstack',
  source: 'test',
  account: '*',
  region: 'RegionOne',
  part: 'servers',
  kind: 'vm',
  label: 'RegionOne all projects',
};
const [one, two, three, four] = world.projects.map(({ id }) => id);

/** A listener that must never be asked anything. */
async function trap() {
  const fleet = fleetOf({ seed: 1, resources: 100 });
  const fake = await startFake({ action: () => 'trap', answer: () => ({ body: '{}' }) }, { fleet, now: () => 0 });
  onTestFinished(() => fake.close());
  return fake;
}

describe('projects of OpenStack', () => {
  it('lists all projects as one where that is allowed, and no project beside it', async () => {
    const { open, asked } = await openstackRig({}, world);
    const source = await open();
    const scopes = await source.scopes();
    expect(scopes.map(({ account, part, label }) => [account, part, label])).toEqual([
      ['*', 'servers', 'RegionOne all projects'],
      ['*', 'hypervisors', 'RegionOne hypervisors'],
    ]);
    const { rows } = await listCloud(source.connection, await source.scope({ part: 'servers' }));
    expect(new Set(rows.map((row) => row.account))).toEqual(new Set([one, two, three, four]));
    expect(asked('/projects')).toHaveLength(0);
  });

  it('lists each project with a token of its own where that is not allowed, and leaves disabled ones out', async () => {
    const projects = world.projects.map((project) => ({ ...project, enabled: project.id !== three }));
    const { cloud, open, asked } = await openstackRig({ allTenants: false }, { ...world, projects });
    const source = await open();
    const scopes = (await source.scopes()).filter(({ part }) => part === 'servers');
    expect(scopes.map(({ account, label }) => [account, label])).toEqual([
      [one, 'RegionOne team-1'],
      [two, 'RegionOne team-2'],
      [four, 'RegionOne team-4'],
    ]);
    for (const scope of scopes) {
      const { rows, error } = await listCloud(source.connection, scope);
      expect(error).toBeNull();
      expect(rows).toHaveLength(10);
      expect(new Set(rows.map((row) => row.account))).toEqual(new Set([scope.account]));
      expect(cloud.tokens.get(String(asked('servers:detail').at(-1)?.headers['x-auth-token']))).toBe(scope.account);
    }
    expect(asked('/tokens')).toHaveLength(3);
  });

  it('without a project asks in the default one of the user, or else in the first', async () => {
    for (const defaultProject of [two ?? null, null]) {
      const { cloud, open, asked } = await openstackRig({ defaultProject }, world);
      await (await open(asUser)).scopes();
      expect(cloud.tokens.get(String(asked('get_all_tenants')[0]?.headers['x-auth-token']))).toBe(
        defaultProject ?? one,
      );
    }
  });

  it('shows hypervisors that are refused as a scope of their own and lists the servers', async () => {
    const { open } = await openstackRig({ hypervisors: false }, world);
    const source = await open();
    const hosts = await listCloud(source.connection, await source.scope({ part: 'hypervisors' }));
    expect(hosts).toMatchObject({ rows: [], error: { kind: 'permission' } });
    const servers = await listCloud(source.connection, await source.scope({ part: 'servers' }));
    expect(servers.error).toBeNull();
    expect(servers.rows).toHaveLength(40);
  });

  it('calls a discovery failed, not refused, when Nova does not answer', async () => {
    const { fake, open } = await openstackRig({}, world);
    fake.script({ when: ({ action }) => action.endsWith('get_all_tenants'), reply: { status: 500, body: 'oops' } });
    await expect((await open()).scopes()).rejects.toMatchObject({ kind: 'network' });
  });

  it('finds the scopes of every region, and those of the others when one does not answer', async () => {
    const { cloud, open } = await openstackRig({ regions: { West: null, East: null } }, world);
    const all = (await (await open()).scopes()).map(({ id }) => id).sort();
    expect(all).toEqual(
      ['East', 'RegionOne', 'West'].flatMap((region) => [`s/*/${region}/hypervisors`, `s/*/${region}/servers`]),
    );
    // Nobody listens there.
    cloud.regions = { West: null, East: 'http://127.0.0.1:1/v2.1' };
    const source = await open();
    const found: string[] = [];
    const read = async () => {
      for await (const { id } of source.connection.scopes({ signal: new AbortController().signal })) found.push(id);
    };
    await expect(read()).rejects.toMatchObject({ kind: 'network', message: expect.stringContaining('East') });
    expect(found.sort()).toEqual(all.filter((id) => !id.includes('East')));
  });

  it('refuses a list of projects that was cut short', async () => {
    const { fake, open } = await openstackRig({ allTenants: false }, world);
    const body = JSON.stringify({ projects: world.projects.slice(0, 1), truncated: true });
    fake.script({ when: ({ action }) => action.endsWith('/projects'), reply: { body } });
    await expect((await open()).scopes()).rejects.toMatchObject({ kind: 'bad-reply' });
  });

  it('fault 100: refuses a server of another project than the one that was asked for', async () => {
    const { fake, open } = await openstackRig({ allTenants: false }, world);
    const source = await open();
    const own = await source.scope({ account: one ?? '' });
    fake.rewrite = (rows) => rows.map((row) => ({ ...(row as object), tenant_id: four }));
    expect(await listCloud(source.connection, own)).toMatchObject({ rows: [], error: { kind: 'config' } });
  });
});

describe('the catalogue of Keystone', () => {
  it('a Keystone catalogue with a foreign host is a config error that names it, and no token goes there', async () => {
    const elsewhere = await trap();
    const { port } = new URL(elsewhere.url);
    const { open } = await openstackRig({ computeUrl: `http://localhost:${port}/v2.1` }, world);
    const source = await open();
    await expect(source.scopes()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining(`localhost:${port}`),
    });
    expect(elsewhere.requests).toEqual([]);
  });

  it('follows the catalogue to a host that the source names', async () => {
    const { cloud, fake, open } = await openstackRig({}, world);
    cloud.computeUrl = `http://localhost:${new URL(fake.url).port}/v2.1`;
    await expect((await open()).scopes()).rejects.toMatchObject({ kind: 'config' });
    const named = await open({ ...asUser, project: 'team-1', allowedHosts: ['LocalHost'] });
    const { rows, error } = await listCloud(named.connection, await named.scope({ part: 'servers' }));
    // Its links lead to localhost too, so the paging stays there.
    expect(error).toBeNull();
    expect(rows).toHaveLength(40);
  });

  it('sends no token without TLS, however the host is called', async () => {
    const { open } = await openstackRig({ computeUrl: 'http://nova.example.org/v2.1' }, world);
    const source = await open({ ...asUser, project: 'team-1', allowedHosts: ['nova.example.org'] });
    await expect(source.scopes()).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('TLS') });
  });

  it('picks the compute service by interface and region', async () => {
    const { open } = await openstackRig({}, world);
    await expect((await open({ ...asUser, project: 'team-1', interface: 'internal' })).scopes()).rejects.toMatchObject({
      message: expect.stringContaining('nova.internal.example'),
    });
    await expect((await open({ ...asUser, project: 'team-1', region: 'Mars' })).scopes()).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringMatching(/Mars.*RegionOne/),
    });
  });
});

describe('permissions of OpenStack', () => {
  it('tells for each project and for the cloud what is allowed', async () => {
    const { open } = await openstackRig({ allTenants: false, hypervisors: false, hosts: false }, plainWorld(8));
    const seen = await (await open()).permissions();
    expect(seen.map(({ action, account, region, state }) => [action, account, region, state])).toEqual([
      ['os_compute_api:servers:detail:get_all_tenants', '*', 'RegionOne', 'denied'],
      ['os_compute_api:os-hypervisors:list-detail', '*', 'RegionOne', 'denied'],
      ['os_compute_api:servers:detail', one, 'RegionOne', 'allowed'],
      ['os_compute_api:servers:detail', two, 'RegionOne', 'allowed'],
      ['os_compute_api:os-extended-server-attributes', '*', 'RegionOne', 'denied'],
    ]);
    for (const { state, message } of seen) expect(message !== null).toBe(state === 'denied');
  });

  it('fault 6: looks with a new token when the one in use was revoked', async () => {
    const { cloud, open } = await openstackRig({}, plainWorld(8));
    const source = await open(asApplication);
    await source.scopes();
    cloud.tokens.clear();
    for (const { state } of await source.permissions()) expect(state).toBe('allowed');
  });

  it('does not know whether hosts are shown where there is no server', async () => {
    const { open } = await openstackRig({}, plainWorld(0));
    expect((await (await open()).permissions()).at(-1)).toMatchObject({ state: 'unknown' });
  });
});
