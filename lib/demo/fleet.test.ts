import { describe, expect, it } from 'vitest';
import { CANARY, CLOUDS, type Fleet, fleetOf, type Machine, type Node, openFleet, type Pod } from './index.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');

function* machines(fleet: Fleet, now = NOW): Generator<Machine> {
  for (const cloud of CLOUDS)
    for (const account of fleet.accounts(cloud))
      for (const place of account.places) yield* fleet.at(now).machines(place);
}
const nodes = (fleet: Fleet, now = NOW): Node[] => fleet.clusters().flatMap((c) => [...fleet.at(now).nodes(c)]);
const pods = (fleet: Fleet, now = NOW): Pod[] => fleet.clusters().flatMap((c) => [...fleet.at(now).pods(c)]);
const containers = (all: Pod[]) => all.flatMap((pod) => [...pod.initContainers, ...pod.containers]);

/** Machines, nodes and containers as the rows they become, by identity. */
function rowsAt(fleet: Fleet, now: number): Map<string, string> {
  const rows = new Map<string, string>();
  for (const m of machines(fleet, now))
    rows.set(`${m.nativeId} ${m.generation}`, JSON.stringify([m.state, m.size.type, m.tags, m.startedAt]));
  for (const n of nodes(fleet, now)) rows.set(n.uid, JSON.stringify([n.ready, n.unschedulable]));
  for (const pod of pods(fleet, now))
    for (const c of [...pod.initContainers, ...pod.containers])
      rows.set(`${pod.uid} ${c.name}`, JSON.stringify([c.state, c.restarts, pod.deletedAt, pod.node?.name]));
  return rows;
}

const changesBetween = (before: Map<string, string>, after: Map<string, string>): number =>
  [...after].filter(([id, row]) => before.get(id) !== row).length +
  [...before.keys()].filter((id) => !after.has(id)).length;

describe('the seeded fleet', () => {
  it('is the same for the same seed, size and time, whatever was asked before', () => {
    const one = openFleet({ seed: 5, resources: 1000 });
    const other = openFleet({ seed: 5, resources: 1000 });
    nodes(other, NOW + 86_400_000);
    expect([...rowsAt(other, NOW)]).toEqual([...rowsAt(one, NOW)]);
    expect([...rowsAt(openFleet({ seed: 6, resources: 1000 }), NOW)]).not.toEqual([...rowsAt(one, NOW)]);
  });

  it('has one plan for all sources that name the same fleet', () => {
    expect(fleetOf({ seed: 1, resources: 500 })).toBe(fleetOf({ seed: 1, resources: 500, faults: true }));
    expect(fleetOf({ seed: 1, resources: 500 })).not.toBe(fleetOf({ seed: 2, resources: 500 }));
  });

  it.each([100, 500, 2000, 20_000])('has about %i resources, two fifths of them machines', (resources) => {
    const fleet = openFleet({ seed: 1, resources });
    const moment = fleet.at(NOW);
    const own = [...machines(fleet)];
    const vms = own.length + nodes(fleet).length;
    const inPods = containers(pods(fleet)).length;
    const libvirt = fleet.libvirtHosts().flatMap((host) => [host, ...moment.domains(host)]).length;
    const docker = fleet.dockerHosts().flatMap((host) => [host, ...moment.dockerContainers(host)]).length;
    const lab = fleet.clusters().find(({ cloud }) => cloud === 'virtualbox');
    const engine = fleet.dockerHosts().find(({ on }) => lab && on?.cluster === lab);
    const inLab =
      lab && engine ? containers([...moment.pods(lab)]).length + [...moment.dockerContainers(engine)].length : 0;
    const laptops = fleet.laptops().flatMap((laptop) => [laptop, ...moment.virtualBoxVms(laptop)]).length;
    const incus = fleet
      .incusClusters()
      .flatMap((cluster) => [...cluster.members, ...moment.incusInstances(cluster)]).length;
    const desks = fleet.desks().flatMap((desk) => [desk, ...moment.deskVms(desk)]).length;
    const sum = vms + inPods + fleet.openstack().hypervisors.length + libvirt + docker + incus + laptops + desks;
    // Of each system there are a few, however small the fleet is; the lab's cluster comes on top.
    expect(Math.abs(sum - inLab - resources)).toBeLessThan(Math.max(20, resources * 0.06));
    expect(vms / (vms + inPods)).toBeGreaterThan(0.33);
    expect(vms / (vms + inPods)).toBeLessThan(0.47);
    // The public clouds and Kubernetes stay the bulk of it.
    expect(own.filter((machine) => machine.cloud === 'openstack').length / sum).toBeLessThan(0.08);
    expect(libvirt / sum).toBeLessThan(0.04);
    expect(laptops / sum).toBeLessThan(0.025);
    expect(desks / sum).toBeLessThan(0.1);
    expect(docker / sum).toBeLessThan(0.05);
    expect(incus / sum).toBeLessThan(0.04);
  });

  it('gives nothing the same id twice', () => {
    const fleet = openFleet({ seed: 1, resources: 20_000 });
    const all = [...machines(fleet)];
    expect(new Set(all.map((m) => m.nativeId)).size).toBe(all.length);
    expect(new Set(all.map((m) => m.systemUuid)).size).toBe(all.length);
    const live = pods(fleet);
    expect(new Set(live.map((pod) => pod.uid)).size).toBe(live.length);
    const named = live.map((pod) => `${pod.cluster.uid} ${pod.workload.namespace} ${pod.name}`);
    expect(new Set(named).size).toBe(live.length);
  });

  it('runs its nodes on its machines: reference, firmware, address and name agree', () => {
    const fleet = openFleet({ seed: 1, resources: 5000 });
    const byId = new Map([...machines(fleet)].map((m) => [`${m.nativeId} ${m.generation}`, m]));
    for (const node of nodes(fleet)) {
      // What is planted has tests of its own.
      if (node.staleNode || node.cluster.anomalies.has(node.index)) continue;
      const machine = byId.get(`${node.machine.nativeId} ${node.machine.generation}`);
      expect(machine).toBeDefined();
      expect(machine?.providerId).toBe(node.machine.providerId);
      expect(machine?.systemUuid).toBe(node.machine.systemUuid);
      expect(machine?.node?.name).toBe(node.name);
      expect(machine?.place).toBe(node.cluster.place);
    }
    const spec = {
      aws: /^aws:\/\/\/[a-z0-9-]+\/i-[0-9a-f]{17}$/,
      gcp: /^gce:\/\//,
      azure: /^azure:\/\/\/subscriptions\//,
      openstack: /^openstack:\/\/\/[0-9a-f-]{36}$/,
      virtualbox: /^k3s:\/\//,
    };
    for (const machine of byId.values()) expect(machine.providerId).toMatch(spec[machine.cloud]);
  });

  it('holds what an organisation holds', () => {
    const fleet = openFleet({ seed: 1, resources: 5000 });
    const all = [...machines(fleet)];
    expect(new Set(all.map((m) => m.state))).toEqual(
      expect.objectContaining(new Set(['running', 'stopped', 'suspended'])),
    );
    expect(all.some((m) => m.spot) && all.some((m) => m.isolation !== null) && all.some((m) => m.ipv6)).toBe(true);
    const modes = new Set(all.filter((m) => m.cloud === 'azure').map((m) => m.group?.mode));
    expect(modes).toEqual(new Set(['uniform', 'flexible', undefined]));
    const keys = new Set(all.flatMap((m) => m.tags.map(([key]) => key)));
    expect([...keys].filter((key) => /^(team|owner)$/i.test(key)).length).toBeGreaterThan(2);
    expect([...keys].filter((key) => /cost.?center/i.test(key)).length).toBeGreaterThan(2);
    const old = all.filter((m) => m.state === 'stopped' && NOW - m.stateSince > 30 * 86_400_000);
    expect(old.length).toBeGreaterThan(10);
  });

  it('holds pods of every kind and in every trouble', () => {
    const live = pods(openFleet({ seed: 1, resources: 10_000 }));
    expect(new Set(live.map((pod) => pod.workload.kind))).toEqual(
      new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'VirtualMachineInstance']),
    );
    const waiting = new Set(
      live.flatMap((pod) => pod.containers.map((c) => (c.state.type === 'waiting' ? c.state.reason : ''))),
    );
    expect([...waiting]).toEqual(expect.arrayContaining(['CrashLoopBackOff', 'ImagePullBackOff']));
    expect(live.some((pod) => pod.reason === 'Unschedulable' && pod.node === null)).toBe(true);
    expect(live.some((pod) => pod.containers.length > 2)).toBe(true);
    expect(live.some((pod) => pod.initContainers.length > 0)).toBe(true);
    expect(new Set(live.map((pod) => pod.phase))).toEqual(new Set(['Running', 'Pending', 'Succeeded', 'Failed']));
    expect(new Set(live.map((pod) => pod.qos))).toEqual(new Set(['Guaranteed', 'Burstable', 'BestEffort']));
  });

  it('plants a secret in each machine and pod', () => {
    const fleet = openFleet({ seed: 1, resources: 200 });
    for (const { secret } of [...machines(fleet), ...pods(fleet)]) expect(secret).toContain(CANARY);
  });

  it('has a denied region, an unreachable one and a throttled subscription only when faults are wanted', () => {
    const faults = (fleet: Fleet) =>
      CLOUDS.flatMap((cloud) => fleet.accounts(cloud).flatMap((a) => a.places.map((p) => p.fault))).filter(Boolean);
    expect(faults(openFleet({ seed: 1, resources: 2000 })).sort()).toEqual(['denied', 'throttled', 'unreachable']);
    expect(faults(openFleet({ seed: 1, resources: 2000, faults: false }))).toEqual([]);
  });

  it('fault 76: has hostile tag values in large fleets only', () => {
    const hostile = (resources: number) =>
      [...machines(openFleet({ seed: 1, resources }))].filter((m) =>
        m.tags.some(([, value]) => /<|\u202e|DROP/.test(value)),
      );
    expect(hostile(2000)).toEqual([]);
    expect(hostile(20_000).length).toBeGreaterThan(0);
  });

  it('makes only what is asked for: a page of a million', () => {
    const fleet = openFleet({ seed: 1, resources: 1_000_000 });
    const place = fleet.accounts('aws')[0]?.places[0];
    if (!place) throw new Error('no place');
    const [first] = fleet.at(NOW).machines(place);
    expect(first?.name).toBeTruthy();
    const [cluster] = fleet.clusters();
    if (!cluster) throw new Error('no cluster');
    for (const pod of fleet.at(NOW).pods(cluster)) {
      expect(pod.name).toBeTruthy();
      break;
    }
  });
});

describe('the fleet as time passes', () => {
  it('changes one row in a hundred a minute at 2,000', () => {
    const fleet = openFleet({ seed: 1, resources: 2000 });
    const minutes = 8;
    let changes = 0;
    let before = rowsAt(fleet, NOW);
    for (let minute = 1; minute <= minutes; minute++) {
      const after = rowsAt(fleet, NOW + minute * 60_000);
      changes += changesBetween(before, after);
      before = after;
    }
    expect(changes / minutes).toBeGreaterThan(6);
    expect(changes / minutes).toBeLessThan(60);
  });

  it('changes no more than a few hundred containers a minute at 100,000', () => {
    const fleet = openFleet({ seed: 1, resources: 100_000 });
    const changed = fleet.clusters().map((cluster) => {
      const { put, gone } = fleet.changedPods(cluster, NOW, NOW + 60_000);
      return containers([...put, ...gone]).length;
    });
    const sum = changed.reduce((a, b) => a + b, 0);
    expect(sum).toBeGreaterThan(30);
    // One in a hundred would be 600.
    expect(sum).toBeLessThan(500);
  });

  it('tells a watch every pod and node that differs', () => {
    const fleet = openFleet({ seed: 3, resources: 2000 });
    let seen = 0;
    for (const cluster of fleet.clusters())
      for (let step = 0; step < 12; step++) {
        const from = NOW + step * 11_000;
        const to = from + 11_000;
        const print = (pod: Pod) =>
          JSON.stringify([pod.phase, pod.reason, pod.deletedAt, pod.node?.uid, pod.containers]);
        const before = new Map([...fleet.at(from).pods(cluster)].map((pod) => [pod.uid, print(pod)]));
        const { put, gone } = fleet.changedPods(cluster, from, to);
        for (const pod of gone) before.delete(pod.uid);
        for (const pod of put) before.set(pod.uid, print(pod));
        const after = new Map([...fleet.at(to).pods(cluster)].map((pod) => [pod.uid, print(pod)]));
        expect(before).toEqual(after);
        seen += put.length + gone.length;

        const nodesBefore = new Map([...fleet.at(from).nodes(cluster)].map((node) => [node.uid, node.ready]));
        const changed = fleet.changedNodes(cluster, from, to);
        for (const node of changed.gone) nodesBefore.delete(node.uid);
        for (const node of changed.put) nodesBefore.set(node.uid, node.ready);
        expect(nodesBefore).toEqual(new Map([...fleet.at(to).nodes(cluster)].map((node) => [node.uid, node.ready])));
      }
    expect(seen).toBeGreaterThan(5);
  });

  it('never starts a machine before it was made, nor shows one from the future', () => {
    const fleet = openFleet({ seed: 2, resources: 3000 });
    for (const machine of machines(fleet)) {
      expect(machine.startedAt).toBeGreaterThanOrEqual(machine.createdAt);
      expect(machine.startedAt).toBeLessThanOrEqual(NOW);
      expect(machine.stateSince).toBeLessThanOrEqual(NOW);
    }
    for (const pod of pods(fleet)) expect(pod.createdAt).toBeLessThanOrEqual(NOW);
  });

  it('replaces a spot node’s machine, node and pods together', () => {
    const fleet = openFleet({ seed: 1, resources: 2000 });
    const cluster = fleet.clusters()[0];
    if (!cluster) throw new Error('no cluster');
    const day = 86_400_000;
    const early = new Map([...fleet.at(NOW).nodes(cluster)].map((node) => [node.index, node]));
    const late = [...fleet.at(NOW + 3 * day).nodes(cluster)];
    const replaced = late.filter((node) => early.get(node.index)?.uid !== node.uid);
    expect(replaced.length).toBeGreaterThan(0);
    for (const node of replaced) expect(node.machine.nativeId).not.toBe(early.get(node.index)?.machine.nativeId);
    const uids = new Set(late.map((node) => node.uid));
    for (const pod of fleet.at(NOW + 3 * day).pods(cluster)) if (pod.node) expect(uids).toContain(pod.node.uid);
  });
});
