import { describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { allowanceOf, cpusOf, memoryOf } from './limits.ts';
import { locationOf, toResource } from './map-instance.ts';
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
  label: 'box instances',
};
const server = serverOf(
  {
    api_extensions: ['event_lifecycle', 'event_project', 'instance_all_projects', 'instance_get_full'],
    environment: { certificate_fingerprint: 'ab'.repeat(32), server_name: 'box', kernel_version: '6.12.0' },
  },
  'box',
);
const row = (more: object, config: object = {}) => ({
  name: 'web',
  project: 'shop',
  type: 'container',
  status: 'Running',
  location: 'none',
  created_at: '2026-11-01T08:00:00.5Z',
  last_used_at: '2026-11-20T08:00:00Z',
  config,
  ...more,
});
const mapped = (more: object, config: object = {}, memory: number | null = null) =>
  toResource(row(more, config), { server, scope, memory });
const UUID = '12377ead-0195-40ee-87e3-5101edf16ff6';

describe('limits of an instance', () => {
  it.each([
    ['2', 2],
    ['0-3', 4],
    ['1-1', 1],
    ['0,2,4-5', 4],
    ['0-1,1-2', 3],
    ['0', null],
    ['', null],
    ['3-1', null],
    ['0-999999999', null],
    ['many', null],
  ])('limits.cpu %j is %j', (text, cpus) => expect(cpusOf(text)).toBe(cpus));

  it.each([
    ['64MiB', { mib: 64 }],
    ['1GB', { mib: 953.674 }],
    ['2GiB', { mib: 2048 }],
    ['1048576', { mib: 1 }],
    ['512kB', { mib: 0.488 }],
    ['1 GiB', { mib: 1024 }],
    ['50%', { part: 0.5 }],
    ['2 bananas', null],
    ['-1GiB', null],
  ])('limits.memory %j is %j', (text, memory) => expect(memoryOf(text)).toEqual(memory));

  it('an allowance of time is a limit, one of a part only a weight', () => {
    expect([allowanceOf('25ms/100ms'), allowanceOf('50%'), allowanceOf('25ms/0ms')]).toEqual([0.25, null, null]);
  });

  it('are those of a container, and what a VM has', () => {
    const limits = { 'limits.cpu': '4', 'limits.memory': '50%' };
    expect(mapped({}, limits, 8192)).toMatchObject({ vcpus: null, memory: null, limits: { cpu: 4, memory: 4096 } });
    expect(mapped({ type: 'virtual-machine' }, limits, 8192)).toMatchObject({ vcpus: 4, memory: 4096, limits: null });
    expect(mapped({}, { ...limits, 'limits.cpu.allowance': '50ms/100ms' })).toMatchObject({
      limits: { cpu: 0.5, memory: null },
    });
    expect(mapped({}).limits).toBeNull();
    // As the vendor documents it.
    expect(mapped({ type: 'virtual-machine' })).toMatchObject({ vcpus: 1, memory: 1024 });
  });
});

describe('an instance', () => {
  it('is known by its UUID, else by project, name and creation', () => {
    expect(mapped({}, { 'volatile.uuid': UUID.toUpperCase() })).toMatchObject({
      uid: `${'ab'.repeat(32)}/${UUID}`,
      nativeId: UUID,
      objectId: 'shop/web',
    });
    expect(mapped({}).uid).toBe(`${'ab'.repeat(32)}/shop/web@2026-11-01T08:00:00.500Z`);
  });

  // https://github.com/canonical/lxd/issues/4737: a container sees the UUID of its host.
  it('has its UUID in its firmware where it is a VM, and none there where it is a container', () => {
    const identities = (type: string) => mapped({ type }, { 'volatile.uuid': UUID }).identities;
    expect(identities('virtual-machine')).toEqual([{ type: 'system-uuid', value: UUID }]);
    expect(identities('container')).toEqual([]);
  });

  it('keeps nothing that is handed to its guest, in no field', () => {
    const secret = 'hunter2';
    const config = Object.fromEntries(
      [
        'environment.DATABASE_PASSWORD',
        'cloud-init.user-data',
        'cloud-init.vendor-data',
        'cloud-init.network-config',
        'user.user-data',
        'user.vendor-data',
        'user.meta-data',
        'user.network-config',
        'user.USER-DATA',
        'user.api_token',
        'raw.lxc',
        'raw.qemu',
        'raw.idmap',
        'nvidia.driver.capabilities',
        'oci.entrypoint',
        'linux.kernel_modules',
        'volatile.cloud-init.instance-id',
      ].map((key) => [key, secret]),
    );
    const devices = { share: { type: 'disk', path: '/srv', source: secret, 'ceph.user_name': secret } };
    const snapshots = [{ name: 'first', created_at: '2026-11-02T08:00:00Z', config, expanded_config: config }];
    const resource = mapped(
      { description: secret, expanded_devices: devices, snapshots },
      { ...config, 'user.team': 'x' },
    );
    expect(JSON.stringify(resource)).not.toContain(secret);
    expect(resource.tags).toEqual(Object.assign(Object.create(null), { team: 'x', api_token: '[redacted]' }));
    expect(resource.raw).toMatchObject({ snapshots: [{ name: 'first', createdAt: '2026-11-02T08:00:00.000Z' }] });
  });

  it('says how it is kept apart', () => {
    const isolation = (type: string, config: object) => mapped({ type }, config).isolation;
    expect(isolation('container', {})).toBeNull();
    expect(isolation('container', { 'security.privileged': 'true', 'security.nesting': 'true' })).toBe(
      'privileged, nesting',
    );
    expect(isolation('container', { 'security.privileged': 'false' })).toBeNull();
    expect(isolation('virtual-machine', { 'security.sev': 'true' })).toBe('sev');
  });

  it('has the addresses of its own devices, not of bridges inside of it', () => {
    const eth0 = (address: string) => ({ hwaddr: '10:66:6A:00:00:01', addresses: [{ address, scope: 'global' }] });
    const docker0 = { hwaddr: '02:42:ac:11:00:01', addresses: [{ address: '172.17.0.1', scope: 'global' }] };
    const lo = { hwaddr: '', addresses: [{ address: '127.0.0.1', scope: 'local' }] };
    const state = { network: { eth0: eth0('10.42.1.10'), docker0, lo } };
    const resource = mapped({ state }, { 'volatile.eth0.hwaddr': '10:66:6a:00:00:01' });
    expect(resource.addresses).toEqual(['10.42.1.10']);
    expect(resource.identities).toContainEqual({ type: 'mac', value: '10:66:6a:00:00:01' });
    expect(mapped({ state: { network: null } }).addresses).toBeNull();
    expect(mapped({ state: { network: { lo } } }).addresses).toEqual([]);
  });

  it('fault 113: has an address of the world on its own device, and says nothing of what a network forwards to it', () => {
    const addresses = ['10.42.1.10', '8.8.4.4', '2001:4860:4860::8844'].map((address) => ({ address }));
    const resource = mapped(
      { state: { network: { eth0: { hwaddr: '10:66:6a:00:00:01', addresses } } } },
      { 'volatile.eth0.hwaddr': '10:66:6a:00:00:01' },
    );
    expect(resource).toMatchObject({
      addresses: ['10.42.1.10', '8.8.4.4', '2001:4860:4860::8844'],
      mappedAddresses: null,
    });
  });

  it('stands on the member that runs it, which is the server itself where there is no cluster', () => {
    expect(locationOf(row({}))).toBeNull();
    const host = hostOf({ server_name: 'box', status: 'Online' }, { server, machine: null }, null, scope);
    expect(host.identities).toContainEqual(mapped({}).hostedBy[0]);
    expect(mapped({ location: 'm2' }).hostedBy).toEqual([
      { type: 'host', value: `incus/${'ab'.repeat(32)}/member/m2` },
    ]);
  });

  it('that was started says when, and Go’s "never" is none', () => {
    expect(mapped({}).startedAt).toBe('2026-11-20T08:00:00.000Z');
    expect(mapped({ state: { started_at: '2026-11-21T08:00:00Z' } }).startedAt).toBe('2026-11-21T08:00:00.000Z');
    expect(mapped({ status: 'Stopped', last_used_at: '1970-01-01T00:00:00Z' })).toMatchObject({
      startedAt: null,
      state: 'starting',
      stateReason: 'created, never started',
    });
    expect(mapped({ status: 'Stopped', stateful: true })).toMatchObject({ state: 'suspended' });
    expect(mapped({ status: 'Ready' })).toMatchObject({ state: 'running', ready: true });
  });

  it('of which its member does not tell cannot be understood', () => {
    expect(() => mapped({ config: null, status: 'Error' })).toThrow('config: expected an object');
  });
});

describe('hardware of a member', () => {
  const answer = (system: object) => ({ cpu: { total: 8 }, memory: { total: 16 * 1024 ** 3 }, system });

  it('has a UUID where the server runs on the machine itself, and is hardware where it says so', () => {
    const uuid = '5B4F2C1E-9B0C-4C43-9C3E-0242AC110002';
    expect(hardwareOf(answer({ uuid, type: 'physical' }), 'box')).toEqual({
      cpus: 8,
      memory: 16_384,
      uuid: uuid.toLowerCase(),
      physical: true,
    });
    expect(hardwareOf(answer({ uuid, type: 'virtual-machine' }), 'box')).toMatchObject({ physical: false });
    // What a container reads there is its host's.
    expect(hardwareOf(answer({ uuid, type: 'container' }), 'box')).toMatchObject({ uuid: null, physical: false });
    expect(
      hardwareOf(answer({ uuid: '03000200-0400-0500-0006-000700080009', type: 'physical' }), 'box').uuid,
    ).toBeNull();
    expect(() => hardwareOf({}, 'box')).toThrow('expected cpu and memory of the server');
  });
});
