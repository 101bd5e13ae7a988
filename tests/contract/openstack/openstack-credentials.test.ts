import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { OPENSTACK_CREDENTIAL, OPENSTACK_PASSWORD, OPENSTACK_USER } from '#tests/fakes/openstack.ts';
import { plainWorld } from '#tests/fakes/openstack-world.ts';
import { listCloud } from '#tests/support/cloud.ts';
import { openstackRig } from '#tests/support/openstack-rig.ts';

const asUser = { username: OPENSTACK_USER, password: OPENSTACK_PASSWORD };
const asApplication = { applicationCredential: OPENSTACK_CREDENTIAL };
const world = plainWorld(40, 4);
const everything: Scope = {
  id: 'test/*/RegionOne/servers',
  provider: 'openstack',
  source: 'test',
  account: '*',
  region: 'RegionOne',
  part: 'servers',
  kind: 'vm',
  label: 'RegionOne all projects',
};
const [one, , , four] = world.projects.map(({ id }) => id);

describe('credentials of OpenStack', () => {
  it('an application credential is bound to its project, so that is the one that is listed', async () => {
    const { open, asked } = await openstackRig({ allTenants: false }, world);
    const source = await open(asApplication);
    const scopes = (await source.scopes()).filter(({ part }) => part === 'servers');
    expect(scopes.map(({ account }) => account)).toEqual([one]);
    expect(asked('/projects')).toHaveLength(0);
    const [scope] = scopes;
    if (scope) expect((await listCloud(source.connection, scope)).rows).toHaveLength(10);
    expect(asked('/tokens')).toHaveLength(1);
    expect(JSON.parse(asked('/tokens')[0]?.body ?? '').auth.scope).toBeUndefined();
  });

  it('fault 100: refuses an application credential of another project than the source names', async () => {
    const { open } = await openstackRig({}, world);
    const source = await open({ ...asApplication, project: 'team-2' });
    await expect(source.scopes()).rejects.toMatchObject({ kind: 'config', message: expect.stringContaining('team-2') });
  });

  it('an application credential that expired is an auth error that says so, and is not tried again at once', async () => {
    const { cloud, open, asked } = await openstackRig({}, world);
    const source = await open(asApplication);
    const scope = await source.scope({ part: 'servers' });
    cloud.expired = true;
    cloud.tokens.clear();
    const { rows, error } = await listCloud(source.connection, scope);
    expect(rows).toEqual([]);
    expect(error).toMatchObject({
      kind: 'auth',
      message: expect.stringMatching(
        /application credential \(401\), which it took until 2026-11-21.*expired or was deleted/,
      ),
    });
    expect(String(error)).not.toContain(OPENSTACK_CREDENTIAL.secret);
    expect(JSON.stringify(source.logged)).not.toContain(OPENSTACK_CREDENTIAL.secret);
    expect(asked('/tokens')).toHaveLength(2);
    await listCloud(source.connection, scope);
    expect(asked('/tokens')).toHaveLength(2);
    source.clock.advance(60_000);
    cloud.expired = false;
    expect((await listCloud(source.connection, scope)).rows).toHaveLength(40);
  });

  it('a password that is wrong is an auth error without the password', async () => {
    const { open } = await openstackRig({}, world);
    const source = await open({ ...asUser, password: 'not-the-password' });
    const error = await source.scopes().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'auth' });
    expect(String(error)).not.toContain('not-the-password');
  });

  it('fault 6: tokens that were revoked between two looks at the scopes are renewed', async () => {
    const { cloud, open } = await openstackRig({}, world);
    const source = await open();
    expect(await source.scopes()).toHaveLength(2);
    cloud.tokens.clear();
    expect(await source.scopes()).toHaveLength(2);
  });

  it('fault 6: renews the token of a project that was chosen for a user without one', async () => {
    const { cloud, open } = await openstackRig({}, world);
    const source = await open(asUser);
    await source.scopes();
    cloud.tokens.clear();
    expect(await source.scopes()).toHaveLength(2);
  });

  it('fault 6: signs in once however many want a token, and keeps a new one that others have just obtained', async () => {
    const { cloud, open, asked } = await openstackRig({ allTenants: false }, world);
    const source = await open();
    const [first] = (await source.scopes()).filter(({ account, part }) => account === one && part === 'servers');
    if (!first) throw new Error('no scope');
    const before = asked('/tokens').length;
    cloud.tokens.clear();
    const all = await Promise.all(Array.from({ length: 8 }, () => listCloud(source.connection, first)));
    expect(all.map(({ rows, error }) => [rows.length, error])).toEqual(all.map(() => [10, null]));
    expect(asked('/tokens').length - before).toBe(1);
  });

  it('sends a password that is refused once, however many wait for a token: users who fail too often are locked out', async () => {
    const { open, asked } = await openstackRig({}, world);
    const source = await open({ ...asUser, password: 'wrong', project: 'team-1' });
    const some = Array.from({ length: 6 }, () => listCloud(source.connection, everything));
    for (const { error } of await Promise.all(some)) expect(error).toMatchObject({ kind: 'auth' });
    expect(asked('/tokens')).toHaveLength(1);
  });

  it("fault 6: a token refused in the middle of a project that is not the source's own is renewed, and the listing begins anew", async () => {
    const { cloud, fake, open, asked } = await openstackRig({ allTenants: false }, world);
    fake.paging = (rows, token) => {
      const from = Number(token?.slice(1) ?? 0);
      return { rows: rows.slice(from, from + 4), next: from + 4 < rows.length ? `t${from + 4}` : undefined };
    };
    const source = await open();
    const scope = await source.scope({ account: four ?? '' });
    fake.requests.length = 0;
    fake.onRequest = ({ query }) => {
      if (query.get('marker') !== 't4') return;
      fake.onRequest = null;
      cloud.tokens.clear();
    };
    const { rows, error } = await listCloud(source.connection, scope);
    expect(error).toBeNull();
    // Four of the listing that broke off, all ten of the one that counts.
    expect(rows).toHaveLength(14);
    expect(asked('servers:detail').map(({ query }) => query.get('marker'))).toEqual([null, 't4', null, 't4', 't8']);
  });

  it('gives a token up before its hour is over', async () => {
    const { open, asked } = await openstackRig({}, world);
    const source = await open();
    const scope = await source.scope({ part: 'servers' });
    source.clock.advance(58 * 60_000);
    await listCloud(source.connection, scope);
    expect(asked('/tokens')).toHaveLength(1);
    source.clock.advance(90_000);
    await listCloud(source.connection, scope);
    expect(asked('/tokens')).toHaveLength(2);
  });

  it('fault 7: takes a password file that was rotated with the next request', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'muster-openstack-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const passwordFile = path.join(folder, 'password');
    writeFileSync(passwordFile, `${OPENSTACK_PASSWORD}\n`);
    const { cloud, open } = await openstackRig({}, world);
    const source = await open({ username: OPENSTACK_USER, passwordFile, project: 'team-1' });
    const scope = await source.scope({ part: 'servers' });
    cloud.password = 'rotated';
    cloud.tokens.clear();
    writeFileSync(passwordFile, 'rotated');
    utimesSync(passwordFile, new Date(), new Date(Date.now() + 5000));
    expect((await listCloud(source.connection, scope)).error).toBeNull();
    rmSync(passwordFile);
    const { error } = await listCloud(source.connection, scope);
    expect(error).toMatchObject({ kind: 'config', message: expect.stringContaining('ENOENT') });
  });
});
