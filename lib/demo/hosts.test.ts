import { describe, expect, it } from 'vitest';
import { CANARY, type DockerContainer, type Domain, type Fleet, openFleet, type Server } from './index.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const MINUTE = 60_000;

const servers = (fleet: Fleet, now = NOW): Server[] =>
  fleet.openstack().projects.flatMap((project) => [...fleet.at(now).servers(project)]);
const domains = (fleet: Fleet, now = NOW): Domain[] =>
  fleet.libvirtHosts().flatMap((host) => [...fleet.at(now).domains(host)]);
const docker = (fleet: Fleet, now = NOW): DockerContainer[] =>
  fleet.dockerHosts().flatMap((host) => [...fleet.at(now).dockerContainers(host)]);

describe('OpenStack in the seeded fleet', () => {
  const fleet = openFleet({ seed: 1, resources: 2000 });

  it('has projects whose servers are in every state that people meet', () => {
    expect(fleet.openstack().projects.length).toBeGreaterThan(1);
    expect(new Set(servers(fleet).map((server) => server.status))).toEqual(
      new Set(['ACTIVE', 'BUILD', 'SHUTOFF', 'SUSPENDED', 'PAUSED', 'ERROR', 'SHELVED_OFFLOADED']),
    );
    expect(servers(fleet).some((server) => server.image === null)).toBe(true);
    expect(servers(fleet).some((server) => server.addresses.some(({ type }) => type === 'floating'))).toBe(true);
  });

  it('has a down cell with faults where it is large, whose servers are partial and UNKNOWN, and none otherwise', () => {
    const large = { seed: 1, resources: 20_000 };
    const partial = servers(openFleet(large)).filter((server) => server.partial);
    expect(new Set(partial.map((server) => server.hypervisor?.cellDown))).toEqual(new Set([true]));
    expect(new Set(partial.map(({ status }) => status))).toEqual(new Set(['UNKNOWN']));
    expect(servers(openFleet({ ...large, faults: false })).some((server) => server.partial)).toBe(false);
    expect(servers(fleet).some((server) => server.partial)).toBe(false);
  });

  it('names no two servers, ports or instances alike', () => {
    const all = servers(openFleet({ seed: 1, resources: 100_000 }));
    for (const of of [
      (s: Server) => s.uuid,
      (s: Server) => s.instanceName,
      (s: Server) => s.machine.mac,
      (s: Server) => s.addresses[0]?.address ?? '',
    ])
      expect(new Set(all.map(of)).size).toBe(all.length);
  });

  it('finds the servers of a hypervisor without looking at the others', () => {
    const moment = fleet.at(NOW);
    const all = servers(fleet);
    for (const hypervisor of fleet.openstack().hypervisors) {
      const here = [...moment.serversOn(hypervisor)].map((server) => server.uuid).sort();
      const expected = all.filter((server) => server.hypervisor === hypervisor).map((server) => server.uuid);
      expect(here).toEqual(hypervisor.cellDown ? [] : expected.sort());
      for (const server of moment.serversOn(hypervisor)) expect(server.zone).toBe(hypervisor.zone);
    }
  });

  it('carries a Kubernetes cluster whose nodes know their servers', () => {
    const uuids = new Set(servers(fleet).map((server) => server.uuid));
    const [cluster] = fleet.clusters().filter((c) => c.cloud === 'openstack');
    if (!cluster) throw new Error('no cluster');
    const nodes = [...fleet.at(NOW).nodes(cluster)].filter((node) => !node.staleNode);
    expect(nodes.length).toBeGreaterThan(3);
    for (const node of nodes) {
      expect(node.providerId).toBe(`openstack:///${node.systemUuid}`);
      expect(uuids).toContain(node.systemUuid);
    }
  });
});

describe('libvirt in the seeded fleet', () => {
  const fleet = openFleet({ seed: 1, resources: 5000 });

  it('shows Nova’s servers as domains of the same UUID, name and MACs', () => {
    const byId = new Map(servers(fleet).map((server) => [server.uuid, server]));
    const novas = fleet.libvirtHosts().filter((host) => host.hypervisor);
    expect(novas.length).toBeGreaterThan(0);
    for (const host of novas) {
      expect(host.hostname).toBe(host.hypervisor?.hostname);
      for (const domain of fleet.at(NOW).domains(host)) {
        const server = byId.get(domain.uuid);
        expect(server?.instanceName).toBe(domain.name);
        expect(server?.hypervisor).toBe(host.hypervisor);
        expect(domain.interfaces.map(({ mac }) => mac)).toEqual([server?.machine.mac]);
      }
    }
  });

  it('has KVM hosts of its own in every state, with names that break tables, and one host of LXC', () => {
    const all = domains(openFleet({ seed: 1, resources: 20_000 }));
    expect(new Set(all.map(({ state }) => state.name))).toEqual(
      new Set(['running', 'paused', 'shut off', 'crashed', 'pmsuspended']),
    );
    expect(all.some(({ name }) => /[^\x20-\x7e]/.test(name) && name.includes(' '))).toBe(true);
    const lxc = fleet.libvirtHosts().filter(({ driver }) => driver === 'lxc');
    expect(lxc.length).toBe(1);
    expect(new Set(lxc.flatMap((h) => [...fleet.at(NOW).domains(h)]).map((d) => d.osType))).toEqual(new Set(['exe']));
  });

  it('tells a watch every domain that differs', () => {
    let seen = 0;
    for (const host of fleet.libvirtHosts())
      for (let step = 0; step < 30; step++) {
        const from = NOW + step * 20 * MINUTE;
        const to = from + 20 * MINUTE;
        const read = (now: number) =>
          new Map([...fleet.at(now).domains(host)].map((d) => [d.uuid, JSON.stringify([d.state, d.vcpus, d.memory])]));
        const known = read(from);
        const { put, gone } = fleet.changedDomains(host, from, to);
        for (const domain of gone) known.delete(domain.uuid);
        for (const d of put) known.set(d.uuid, JSON.stringify([d.state, d.vcpus, d.memory]));
        expect(known).toEqual(read(to));
        seen += put.length + gone.length;
      }
    expect(seen).toBeGreaterThan(5);
  });
});

describe('Docker in the seeded fleet', () => {
  const fleet = openFleet({ seed: 1, resources: 5000 });

  it('has containers of Compose, swarms and people in every state', () => {
    const all = docker(fleet);
    expect(new Set(all.map(({ state }) => state))).toEqual(
      new Set(['created', 'running', 'paused', 'restarting', 'exited']),
    );
    expect(all.some((c) => c.exitCode === 137 && c.oomKilled)).toBe(true);
    for (const label of ['com.docker.compose.service', 'com.docker.swarm.service.name', 'io.kubernetes.pod.uid'])
      expect(all.some((c) => c.labels[label])).toBe(true);
    expect(new Set(all.map((c) => c.id)).size).toBe(all.length);
    for (const container of all) expect(container.secret).toContain(CANARY);
  });

  it('runs on VMs that keep their names and are never off, some in swarms, and on hardware', () => {
    const hosts = fleet.dockerHosts();
    expect(hosts.some((host) => host.on === null)).toBe(true);
    expect(hosts.some((host) => host.swarm)).toBe(true);
    for (const now of [NOW, NOW + 400 * 24 * 60 * MINUTE])
      for (const host of hosts) {
        const machine = fleet.at(now).dockerMachine(host);
        if (!machine) continue;
        expect(machine.hostname).toBe(host.name);
        expect(machine.state).toBe('running');
        expect([...fleet.at(now).machines(machine.place)].map((m) => m.nativeId)).toContain(machine.nativeId);
        if (host.swarm) expect(host.swarm.nodeAddr).toBe(machine.privateAddress);
      }
  });

  it('has a node’s containers under the ids that its pods’ status tells, and a pause container a pod', () => {
    const [host] = fleet.dockerHosts().filter((h) => h.on?.cluster);
    if (!host?.on?.cluster) throw new Error('no node with cri-dockerd');
    const { cluster, index } = host.on;
    const here = [...fleet.at(NOW).pods(cluster)].filter((pod) => pod.node?.index === index);
    const told = here.flatMap((pod) => [...pod.containers, ...pod.initContainers].map((c) => c.containerId));
    const seen = [...fleet.at(NOW).dockerContainers(host)];
    const real = seen.filter((c) => c.pod?.container).map((c) => `docker://${c.id}`);
    expect(real.sort()).toEqual(told.filter((id) => id !== null).sort());
    expect(real.length).toBeGreaterThan(5);
    expect(seen.length - real.length).toBe(here.filter((pod) => pod.startedAt !== null).length);
  });

  it('tells a watch every container that differs', () => {
    let seen = 0;
    for (const host of fleet.dockerHosts())
      for (let step = 0; step < 20; step++) {
        const from = NOW + step * 5 * MINUTE;
        const to = from + 5 * MINUTE;
        const print = (c: DockerContainer) => JSON.stringify([c.state, c.health, c.startedAt, c.restarts]);
        const read = (now: number) => new Map([...fleet.at(now).dockerContainers(host)].map((c) => [c.id, print(c)]));
        const known = read(from);
        const { put, gone } = fleet.changedDockerContainers(host, from, to);
        for (const container of gone) known.delete(container.id);
        for (const c of put) known.set(c.id, print(c));
        expect(known).toEqual(read(to));
        seen += put.length + gone.length;
      }
    expect(seen).toBeGreaterThan(20);
  });
});

describe('Incus in the seeded fleet', () => {
  const fleet = openFleet({ seed: 1, resources: 5000 });
  const [cluster] = fleet.incusClusters();
  if (!cluster) throw new Error('no cluster');
  const read = (now: number) => [...fleet.at(now).incusInstances(cluster)];

  it('is a cluster of three with containers and VMs in several states and projects, none with the id of another', () => {
    const all = read(NOW);
    expect(cluster.members.length).toBe(3);
    expect(new Set(all.map(({ member }) => member.name)).size).toBe(3);
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(['container', 'virtual-machine']));
    expect(new Set(all.map(({ status }) => status))).toEqual(
      new Set(['Running', 'Ready', 'Frozen', 'Stopped', 'Error']),
    );
    expect(new Set(all.map(({ project }) => project))).toEqual(new Set(['default', 'shop', 'lab']));
    for (const id of ['uuid', 'mac', 'name'] as const) expect(new Set(all.map((one) => one[id])).size).toBe(all.length);
    for (const { secret } of all) expect(secret).toContain(CANARY);
  });

  it('tells a watch every instance that differs', () => {
    let seen = 0;
    for (let step = 0; step < 40; step++) {
      const from = NOW + step * 30 * MINUTE;
      const to = from + 30 * MINUTE;
      const print = (now: number) =>
        new Map(read(now).map((one) => [one.uuid, JSON.stringify([one.status, one.address, one.startedAt])]));
      const known = print(from);
      const { put, gone } = fleet.changedIncusInstances(cluster, from, to);
      for (const one of put) known.set(one.uuid, JSON.stringify([one.status, one.address, one.startedAt]));
      expect(gone).toEqual([]);
      expect(known).toEqual(print(to));
      seen += put.length;
    }
    expect(seen).toBeGreaterThan(5);
  });
});
