import { describe, expect, it } from 'vitest';
import { openFleet } from '#lib/demo/index.ts';
import type { Scope } from '#lib/model/index.ts';
import { nulled } from '#tests/support/kubernetes/go-nulls.ts';
import { instanceRow, memberRow, resourcesOf, serverInfo } from '../mock/wire.ts';
import { toResource } from './map-instance.ts';
import { hostOf } from './map-member.ts';
import { hardwareOf } from './resources.ts';
import { serverOf } from './server.ts';

const scope: Scope = {
  id: 's/a/*/instances',
  provider: 'incus',
  source: 's',
  account: 'a',
  region: null,
  part: 'instances',
  kind: 'container',
  label: 'incus-01 instances',
};
const fleet = openFleet({ seed: 7, resources: 6000, faults: false });
const [cluster] = fleet.incusClusters();
const [member] = cluster?.members ?? [];
if (!cluster || !member) throw new Error('the fleet has no cluster');
const info = serverInfo(cluster, member);
const server = serverOf(info, 'incus-01');
const instances = [...fleet.at(Date.parse('2026-11-21T09:00:00Z')).incusInstances(cluster)].slice(0, 20);

describe('fault 102: a list or map that Go writes as null', () => {
  it('is an empty one, in every field of an instance', () => {
    const seen = new Set<string>();
    for (const row of instances.map(instanceRow))
      for (const { path, withNull, withEmpty } of nulled(row)) {
        seen.add(path.replace(/\[\d+\].*/, '[]'));
        const [one, other] = [withNull, withEmpty].map((each) => toResource(each, { server, scope, memory: null }));
        expect(one, path).toEqual(other);
      }
    for (const field of ['profiles', 'snapshots', 'devices', 'expanded_devices', 'config'])
      expect(seen).toContain(field);
    expect(seen).toContain('state.network.eth0.addresses');
  });

  it('is an empty one, in every field of a member, of its hardware and of what it says of itself', () => {
    const place = { server, machine: null };
    const fields = [...nulled({ row: memberRow(member), hardware: resourcesOf(member) })];
    expect(fields.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['row.roles', 'row.groups', 'row.config', 'hardware.cpu.sockets']),
    );
    for (const { path, withNull, withEmpty } of fields) {
      const [one, other] = [withNull, withEmpty].map(({ row, hardware }) =>
        hostOf(row, place, hardwareOf(hardware, 'incus-01'), scope),
      );
      expect(one, path).toEqual(other);
    }
    for (const { path, withNull } of nulled(info).filter(({ path }) => path !== 'api_extensions'))
      expect(serverOf(withNull, 'incus-01'), path).toEqual(server);
  });
});
