import { expect, it } from 'vitest';
import { engineOf } from './engine.ts';
import { hostOf } from './map-host.ts';

const machine = {
  hostname: 'build-1',
  kernel: '6.1.0',
  memory: 24_105,
  installed: null,
  bootId: 'boot',
  machineId: 'machine',
};
const info = {
  ID: 'engine-1',
  Name: 'build-1',
  KernelVersion: '6.1.0',
  MemTotal: 24_105 * 2 ** 20,
  NCPU: 2,
  DockerRootDir: '/var/lib/containers/storage',
};
const scope = {
  id: 'd/e/*/host',
  provider: 'docker',
  source: 'd',
  account: 'e',
  region: null,
  part: 'host',
  kind: 'host' as const,
  label: 'e host',
};
const ownOf = (info: object, address: string, podman = false) =>
  hostOf(info, engineOf({ info: info, podman }, address, machine), scope).identities.filter(({ type }) =>
    ['boot-id', 'machine-id'].includes(type),
  );

it('fault 111: an engine behind a local socket with name, kernel and memory of the collector is its machine', () => {
  const own = [
    { type: 'boot-id', value: 'boot' },
    { type: 'machine-id', value: 'machine' },
  ];
  expect(ownOf(info, 'unix:///var/run/docker.sock')).toEqual(own);
  expect(ownOf(info, 'unix:///run/podman/podman.sock', true)).toEqual(own);
});

it.each([
  ['over tcp, where another machine may have the same name', info, 'tcp://127.0.0.1:2375'],
  ['over ssh', info, 'ssh://ops@build-1'],
  ['in a VM of Docker Desktop', { ...info, KernelVersion: '6.10.14-linuxkit' }, 'unix:///var/run/docker.sock'],
  ['seen from a container of it', { ...info, Name: 'host-of-it' }, 'unix:///var/run/docker.sock'],
  ['that says no kernel', { ...info, KernelVersion: undefined }, 'unix:///var/run/docker.sock'],
])('fault 111: an engine %s is not', (_, info, address) => {
  expect(ownOf(info, address)).toEqual([]);
});

it('fault 104: a Podman behind two local sockets is one, and two on one machine are two', () => {
  const id = (info: object, address: string) => engineOf({ info: info, podman: true }, address).id;
  const rootless = { ...info, DockerRootDir: '/home/ops/.local/share/containers/storage' };
  expect(id({ ...info, ID: 'a' }, 'unix:///run/podman/podman.sock')).toBe(
    id({ ...info, ID: 'b' }, 'unix:///var/run/docker.sock'),
  );
  expect(id(rootless, 'unix:///run/user/1000/podman/podman.sock')).not.toBe(id(info, 'unix:///run/podman/podman.sock'));
  expect(id(info, 'tcp://10.0.0.1:8080')).not.toBe(id(info, 'tcp://10.0.0.2:8080'));
});
