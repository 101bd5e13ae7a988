import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Fleet, fleetOf } from '#lib/demo/index.ts';
import { gcp } from '#providers/gcp/index.ts';
import { GCP_TOKEN, gcpCloud, googleError } from '#tests/fakes/gcp.ts';
import { pagesOf } from '#tests/fakes/paging.ts';
import { type FakeServer, json, type Reply, type Rule, startFake } from '#tests/fakes/server.ts';
import { listCloud, type OpenCloud, openCloud } from '#tests/support/cloud.ts';

const OPTIONS = { seed: 7, resources: 2000, faults: true };
const NOW = Date.parse('2026-11-21T09:00:00Z');

describe('Compute Engine on the wire', () => {
  const fleet: Fleet = fleetOf(OPTIONS);
  const [project = ''] = fleet.accounts('gcp').map((account) => account.id);
  const cloud = gcpCloud();
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
    const source = await openCloud(gcp, { projects: [project], endpoint: fake.url, token: GCP_TOKEN, ...config });
    opened.push(source);
    return source;
  }
  const requests = (part: string) => fake.requests.filter((request) => request.action === `compute.${part}.list`);
  const answer = (part: string, reply: Reply, times = 1) =>
    fake.script({ when: ({ action }) => action === `compute.${part}.list`, reply, times });
  const denied = googleError(403, 'forbidden', 'Required permission is missing.');

  it('asks for partial success, pages of 500 and the fields it reads, metadata never among them', async () => {
    const source = await open();
    const { rows, error } = await listCloud(source.connection, await source.scope());
    expect(error).toBeNull();
    expect(rows.length).toBeGreaterThan(20);
    const [request] = requests('instances');
    expect(request?.query.get('returnPartialSuccess')).toBe('true');
    expect(request?.query.get('maxResults')).toBe('500');
    expect(request?.query.get('fields')).toContain('items/*/warning');
    expect(request?.query.get('fields')).not.toContain('metadata');
    expect(fake.sentCanary).toBe(false);
  });

  it('fault 114: machine types whose pages go in a circle are not blamed on the instances', async () => {
    fake.script({
      when: ({ action }) => action === 'compute.machineTypes.list',
      reply: async (_, real) => {
        const body = JSON.parse(String((await real()).body));
        return json({ ...body, nextPageToken: 'again' });
      },
    });
    const source = await open();
    const { error } = await listCloud(source.connection, await source.scope());
    const text = error instanceof Error ? error.message : JSON.stringify(source.logged);
    expect(text).toContain('compute.machineTypes.list');
    expect(text).not.toContain('compute.instances.list');
  });

  it('the fake plants secrets in metadata, which leave it where nobody masks them', async () => {
    const url = `${fake.url}/compute/v1/projects/${project}/aggregated/instances`;
    await fetch(url, { headers: { authorization: `Bearer ${GCP_TOKEN}` } });
    expect(fake.sentCanary).toBe(true);
  });

  it('keeps all rows of a project with an unreachable zone, names the zones and is incomplete', async () => {
    const partial = fleet.accounts('gcp').find((a) => a.places.some((place) => place.fault === 'unreachable'));
    const zones = partial?.places.find((place) => place.fault === 'unreachable')?.zones ?? [];
    const source = await open({ projects: [partial?.id] });
    const { rows, error } = await listCloud(source.connection, await source.scope());
    expect(rows.length).toBeGreaterThan(0);
    expect(error).toMatchObject({ kind: 'network', message: expect.stringContaining(zones[0] ?? '?') });
  });

  it('fault 5: keeps the rows when machine types are denied, and the sizes it knew when they are denied later', async () => {
    answer('machineTypes', denied);
    const source = await open();
    const scope = await source.scope();
    const first = await listCloud(source.connection, scope);
    expect(first.error).toBeNull();
    // A custom type says its size in its name.
    expect(first.rows.every((row) => (row.vcpus !== null) === row.type?.includes('custom'))).toBe(true);
    expect(source.logged).toContainEqual(expect.objectContaining({ event: 'detail.unavailable' }));

    source.clock.advance(15 * 60_000);
    expect((await listCloud(source.connection, scope)).rows.every((row) => row.vcpus !== null)).toBe(true);
    answer('machineTypes', denied, 10);
    source.clock.advance(25 * 3_600_000);
    expect((await listCloud(source.connection, scope)).rows.every((row) => row.vcpus !== null)).toBe(true);
  });

  it('reads machine types once, however often and for however many projects it lists', async () => {
    const projects = fleet.accounts('gcp').map((account) => account.id);
    const source = await open({ projects });
    const scopes = await source.scopes();
    expect(scopes.length).toBeGreaterThan(1);
    for (const scope of [...scopes, ...scopes]) await listCloud(source.connection, scope);
    expect(requests('machineTypes')).toHaveLength(1);
  });

  it('fault 1: waits for the next minute when the quota is used up, and resumes the same page', async () => {
    fake.paging = pagesOf(10);
    fake.script({
      when: ({ action, query }) => action === 'compute.instances.list' && query.get('pageToken') === 't10',
      reply: googleError(403, 'rateLimitExceeded', 'Quota exceeded'),
      times: 1,
    });
    const source = await open();
    const scope = await source.scope();
    source.clock.advance(20_000);
    const { error } = await listCloud(source.connection, scope);
    expect(error).toBeNull();
    expect(source.clock.sleeps).toEqual([40_000]);
    const tokens = requests('instances').map((request) => request.query.get('pageToken'));
    expect(tokens.slice(0, 4)).toEqual([null, 't10', 't10', 't20']);
  });

  it.each([
    ['accessNotConfigured', 'disabled', /not enabled/],
    ['forbidden', 'permission', /403/],
  ])('reads 403 %s as %s', async (reason, kind, message) => {
    answer('instances', googleError(403, reason, 'No.'));
    const source = await open();
    const { error } = await listCloud(source.connection, await source.scope());
    expect(error).toMatchObject({ kind, message: expect.stringMatching(message) });
  });

  it('reads SERVICE_DISABLED in the newer form of an error too', async () => {
    const body = { error: { code: 403, message: 'x', details: [{ reason: 'SERVICE_DISABLED' }] } };
    answer('instances', json(body, 403));
    const source = await open();
    expect((await listCloud(source.connection, await source.scope())).error).toMatchObject({ kind: 'disabled' });
  });

  it('fault 6: a token refused on the way is renewed once and the listing read again from its first page', async () => {
    fake.paging = pagesOf(20);
    const expired = googleError(401, 'authError', 'Invalid Credentials');
    const second: Rule['when'] = ({ action, query }) =>
      action === 'compute.instances.list' && query.get('pageToken') === 't20';
    fake.script({ when: second, reply: expired, times: 1 });
    const source = await open();
    const { error } = await listCloud(source.connection, await source.scope());
    expect(error).toBeNull();
    const tokens = requests('instances').map((request) => request.query.get('pageToken'));
    expect(tokens.slice(0, 4)).toEqual([null, 't20', null, 't20']);

    fake.script({ when: second, reply: expired });
    expect((await listCloud(source.connection, await source.scope())).error).toMatchObject({ kind: 'auth' });
  });

  it('fault 100: refuses the answer of another project before it has given out a row', async () => {
    cloud.pretend = 'somebody-elses-project';
    const source = await open();
    const { rows, error } = await listCloud(source.connection, await source.scope());
    expect(rows).toEqual([]);
    expect(error).toMatchObject({ kind: 'config' });
  });

  it('fault 36: makes exactly the calls that the policy file names', async () => {
    const file = new URL('../../../providers/gcp/permissions.yaml', import.meta.url);
    const policy: { includedPermissions: string[] } = parse(await readFile(file, 'utf8'));
    const source = await open();
    await listCloud(source.connection, await source.scope());
    const tried = await source.permissions();
    expect(tried.every((permission) => permission.state === 'allowed')).toBe(true);
    expect(new Set(fake.requests.map((request) => request.action))).toEqual(new Set(policy.includedPermissions));
    expect(tried.map((permission) => permission.action)).toEqual(policy.includedPermissions);
  });

  it('tells a denied permission by its name', async () => {
    answer('machineTypes', denied);
    const states = (await (await open()).permissions()).map(({ action, state }) => [action, state]);
    expect(states).toEqual([
      ['compute.instances.list', 'allowed'],
      ['compute.machineTypes.list', 'denied'],
    ]);
  });

  it('lists through the mock what it lists over the wire', async () => {
    const wire = await open();
    const mock = await openCloud(gcp, { projects: [project], mock: OPTIONS });
    opened.push(mock);
    const over = await listCloud(wire.connection, await wire.scope());
    const mocked = await listCloud(mock.connection, await mock.scope());
    const names = (listed: typeof over) =>
      listed.rows.map((row) => [row.uid, row.state, row.vcpus, row.addresses]).sort();
    expect(names(mocked)).toEqual(names(over));
  });
});
