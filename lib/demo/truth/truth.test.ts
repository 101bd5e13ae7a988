import { describe, expect, it } from 'vitest';
import { type Fleet, type Node, openFleet, type Plant, type Truth } from '../index.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const truthOf = (fleet: Fleet, now = NOW): Truth => fleet.at(now).truth();
const nodes = (fleet: Fleet): Node[] => fleet.clusters().flatMap((c) => [...fleet.at(NOW).nodes(c)]);

function plants(fleet: Fleet, now = NOW): Map<Plant, (readonly string[])[]> {
  const found = new Map<Plant, (readonly string[])[]>();
  for (const { plant, uids } of truthOf(fleet, now).planted()) found.set(plant, [...(found.get(plant) ?? []), uids]);
  return found;
}

describe('the truth about the seeded fleet', () => {
  it.each([2000, 20_000])('puts each resource of %i into one machine at most', (resources) => {
    const seen = new Set<string>();
    let machines = 0;
    for (const { members, pairs } of truthOf(openFleet({ seed: 1, resources })).machines()) {
      machines++;
      expect(pairs.length).toBe(members.length - 1);
      for (const uid of members) {
        expect(seen.has(uid), uid).toBe(false);
        seen.add(uid);
      }
    }
    expect(machines).toBeGreaterThan(resources / 50);
  });

  it('says on what each container, domain and server runs, once', () => {
    const guests = new Set<string>();
    for (const { guest, host } of truthOf(openFleet({ seed: 1, resources: 2000 })).runsOn()) {
      expect(guests.has(guest), guest).toBe(false);
      expect(host).not.toBe(guest);
      guests.add(guest);
    }
    expect(guests.size).toBeGreaterThan(1000);
  });

  it('holds a server, its domain and what stands on it together', () => {
    const machines = [...truthOf(openFleet({ seed: 1, resources: 20_000 })).machines()];
    expect(Math.max(...machines.map(({ members }) => members.length))).toBeLessThan(5);
    const evidence = machines.filter(({ members }) => members.length > 2).map(({ pairs }) => pairs.map(({ by }) => by));
    expect(evidence).toContainEqual(['provider-id', 'system-uuid']);
    expect(evidence).toContainEqual(expect.arrayContaining(['provider-id', 'guests']));
  });
});

describe('planted conflicts', () => {
  const KINDS: readonly Plant[] = [
    'cloned-machine-id',
    'cloned-uuid',
    'reused-name',
    'reused-name-unsaid',
    'claimed-twice',
    'half-listed',
    'byte-order',
  ];

  it.each([1, 2, 3])('are all there from 2,000 on, more in large fleets, none in small ones: seed %i', (seed) => {
    const small = plants(openFleet({ seed, resources: 2000 }));
    expect([...small.keys()].sort()).toEqual([...KINDS].sort());
    const large = plants(openFleet({ seed, resources: 100_000 }));
    for (const kind of KINDS) expect(large.get(kind)?.length).toBeGreaterThan(small.get(kind)?.length ?? 0);
    expect(plants(openFleet({ seed, resources: 1000 })).size).toBe(0);
  });

  it('stay as they are while the fleet lives on', () => {
    const fleet = openFleet({ seed: 1, resources: 2000 });
    expect([...plants(fleet, NOW + 90 * 86_400_000)]).toEqual([...plants(fleet)]);
  });

  it('names three resources where a name was used again or a VM is claimed twice', () => {
    const found = plants(openFleet({ seed: 1, resources: 20_000 }));
    for (const kind of ['reused-name', 'reused-name-unsaid', 'claimed-twice'] as const)
      for (const uids of found.get(kind) ?? []) expect(new Set(uids).size).toBe(3);
  });

  it('makes nodes of one image say one machine id, and no others', () => {
    const byId = Map.groupBy(
      nodes(openFleet({ seed: 1, resources: 20_000 })).filter((node) => !node.staleNode && node.machineId !== ''),
      (node) => node.machineId,
    );
    const shared = [...byId.values()].filter((list) => list.length > 1);
    expect(shared.map((list) => list.length)).toEqual([3, 3]);
  });

  it('keeps half-listed VMs, Autopilot’s and Fargate’s out of every listing', () => {
    const fleet = openFleet({ seed: 1, resources: 2000 });
    const hidden = nodes(fleet).filter((node) => {
      const anomaly = node.cluster.anomalies.get(node.index);
      return anomaly?.unlisted || anomaly?.managed;
    });
    expect(hidden.length).toBeGreaterThan(5);
    for (const { machine } of hidden)
      expect([...fleet.at(NOW).machines(machine.place)].map((m) => m.nativeId)).not.toContain(machine.nativeId);
  });

  it('has a few of each kind of node without a VM, one pod on each of Fargate’s', () => {
    const fleet = openFleet({ seed: 1, resources: 2000 });
    const kinds = new Set(nodes(fleet).map((node) => node.managed));
    expect(kinds).toEqual(new Set([null, 'fargate', 'autopilot', 'virtual-node']));
    for (const cluster of fleet.clusters().filter((c) => c.reserved > 0)) {
      const reserved = [...fleet.at(NOW).pods(cluster)].filter((pod) => pod.node?.managed);
      expect(reserved.length).toBe(cluster.reserved);
      expect(new Set(reserved.map((pod) => pod.node?.name)).size).toBe(cluster.reserved);
    }
  });
});
