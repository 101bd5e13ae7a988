import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import { resourceSchema } from '#lib/model/index.ts';
import { flavorsOf } from '#providers/openstack/flavor.ts';
import { openstack } from '#providers/openstack/index.ts';
import { OPENSTACK_PASSWORD, OPENSTACK_USER, type OpenStackFake, openstackCloud } from '#tests/fakes/openstack.ts';
import { plainWorld, type Row } from '#tests/fakes/openstack-world.ts';
import { type FakeServer, json, startFake } from '#tests/fakes/server.ts';
import { listCloud, type OpenCloud, openCloud } from '#tests/support/cloud.ts';

const FOLDER = path.join(import.meta.dirname, '../../../../shared/recordings/openstack');
const present = existsSync(FOLDER);
const files = (about: string) =>
  present ? readdirSync(FOLDER).filter((name) => name.startsWith(`${about}__`) && name.endsWith('.json')) : [];
const bodyOf = (file: string): Record<string, Row[]> => JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8'));
/** The microversion of a sample; 2.1 where its name has none. */
const versionOf = (file: string): number => Number(/__v2\.(\d+)__/.exec(file)?.[1] ?? 1);

let fake: FakeServer | undefined;
let source: OpenCloud | undefined;
afterEach(async () => {
  await source?.connection.close();
  await fake?.close();
  source = undefined;
  fake = undefined;
});

/** Lists a part of a cloud of this microversion whose list is the recorded one. */
async function listed(part: 'servers' | 'hypervisors', rows: readonly Row[], newest: number) {
  const cloud: OpenStackFake = openstackCloud({ newest, world: { ...plainWorld(0), [part]: rows } });
  fake = await startFake(cloud, { fleet: fleetOf({ seed: 1, resources: 100 }), now: () => 0 });
  const flavors = bodyOf('flavors__flavors-detail-resp.json');
  // As the samples are, links to elsewhere and all.
  if (part === 'hypervisors')
    fake.script({ when: ({ action }) => action.includes('hypervisors'), reply: json({ hypervisors: rows }) });
  if (part === 'servers')
    fake.script({ when: ({ action }) => action.endsWith('get_all_tenants'), reply: json({ servers: rows }) });
  fake.script({ when: ({ action }) => action.includes('flavors'), reply: json(flavors) });
  source = await openCloud(openstack, {
    authUrl: fake.url,
    username: OPENSTACK_USER,
    password: OPENSTACK_PASSWORD,
    project: 'team-1',
  });
  return listCloud(source.connection, await source.scope({ part }));
}

describe.skipIf(!present)('recorded answers of Nova (skipped where ../shared/recordings is absent)', () => {
  it('there are some of each kind', () => {
    expect([files('servers').length, files('os-hypervisors').length, files('flavors').length]).toEqual([16, 7, 5]);
  });

  it.each(files('servers'))('reads every server of %s over the wire', async (file) => {
    const recorded = bodyOf(file).servers ?? [];
    const { rows, unreadable, error } = await listed('servers', recorded, versionOf(file));
    expect({ unreadable, error }).toEqual({ unreadable: [], error: null });
    expect(rows.map((row) => row.nativeId)).toEqual(recorded.map((server) => server.id));
    const [row] = rows;
    expect(resourceSchema.parse(row)).toBeTruthy();
    expect(row?.uid).toBe(`127.0.0.1/RegionOne/${row?.nativeId}`);
    expect(row?.account).toBe('6f70656e737461636b20342065766572');
    if (versionOf(file) === 69) return;
    expect(row).toMatchObject({
      name: 'new-server-test',
      state: 'running',
      nativeState: 'ACTIVE',
      type: expect.stringMatching(/^m1\.tiny/),
      vcpus: 1,
      memory: 512,
      zone: expect.stringMatching(/^(us-west|nova)$/),
      addresses: [expect.stringMatching(/^192\.168\./)],
      mappedAddresses: [],
      createdAt: expect.stringMatching(/^20\d\d-.*Z$/),
      startedAt: expect.stringMatching(/^20\d\d-.*Z$/),
      image: '70a599e0-31e7-49b7-b260-868f441e862b',
    });
    expect(row?.tags['My Server Name']).toBe('Apache1');
    expect(row?.identities).toContainEqual({ type: 'mac', value: expect.stringMatching(/^00:0c:29:/) });
    const host = recorded[0]?.['OS-EXT-SRV-ATTR:hypervisor_hostname'];
    expect(row?.hostedBy).toEqual(
      typeof host === 'string' ? [{ type: 'host', value: `openstack/127.0.0.1/regionone/${host}` }] : [],
    );
    for (const { 'OS-EXT-SRV-ATTR:user_data': secret } of recorded)
      if (typeof secret === 'string' && secret) expect(JSON.stringify(rows)).not.toContain(secret);
  });

  it('takes launched_at for UTC, which it does not say it is', async () => {
    const file = 'servers__v2.96__servers-details-resp.json';
    const { rows } = await listed('servers', bodyOf(file).servers ?? [], 96);
    expect(rows[0]?.startedAt).toBe('2013-09-23T13:53:12.774Z');
  });

  it('reads a server of a cell that is down for what it is: an id, a project and a time', async () => {
    const { rows } = await listed('servers', bodyOf('servers__v2.69__servers-details-resp.json').servers ?? [], 96);
    expect(rows).toMatchObject([
      {
        name: 'b6b0410f-b65f-4473-855e-5d82a71759e0',
        state: 'unknown',
        nativeState: 'UNKNOWN',
        vcpus: null,
        type: null,
      },
    ]);
  });

  it.each(files('os-hypervisors'))('reads every hypervisor of %s over the wire', async (file) => {
    const recorded = bodyOf(file).hypervisors ?? [];
    const { rows, unreadable, error } = await listed('hypervisors', recorded, Math.min(versionOf(file), 96));
    expect({ unreadable, error }).toEqual({ unreadable: [], error: null });
    expect(rows.map((row) => row.nativeId)).toEqual(recorded.map((host) => String(host.id)));
    for (const [i, row] of rows.entries()) {
      const host = recorded[i];
      expect(resourceSchema.parse(row)).toBeTruthy();
      expect(row).toMatchObject({ kind: 'host', state: 'running', nativeState: 'up', name: host?.hypervisor_hostname });
      expect(row.physical).toEqual(host?.vcpus === undefined ? null : { cpu: host.vcpus, memory: host.memory_mb });
      expect(row.identities[0]).toEqual({ type: 'host', value: `openstack/127.0.0.1/regionone/${row.name}` });
    }
  });

  it.each(files('flavors'))('reads every flavor of %s', (file) => {
    const recorded = bodyOf(file).flavors ?? [];
    const found = flavorsOf(recorded);
    expect(found.map(([id]) => id)).toEqual(recorded.map((flavor) => flavor.id));
    for (const [i, [, flavor]] of found.entries())
      expect([flavor.name, flavor.vcpus, flavor.memory]).toEqual([
        recorded[i]?.name,
        recorded[i]?.vcpus,
        recorded[i]?.ram,
      ]);
  });
});
