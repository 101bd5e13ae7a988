import { describe, expect, it } from 'vitest';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import type { Scope } from '#lib/model/index.ts';
import { type Place, toServer, unknownOf } from './map.ts';
import { toHypervisor } from './map-hypervisor.ts';
import { below, negotiate, versionHeaders } from './microversion.ts';
import { nativeStateOf, stateOf } from './state.ts';

const scope: Scope = {
  id: 's/*/RegionOne/servers',
  provider: 'openstack',
  source: 's',
  account: '*',
  region: 'RegionOne',
  part: 'servers',
  kind: 'vm',
  label: 'RegionOne all projects',
};
const place: Place = { scope, cloud: 'keystone.example.org', region: 'RegionOne', flavor: () => null };
const ID = 'F5DC173B-6804-445a-a6d8-c705dad5b5eb';
const server = { id: ID, name: 'Web', status: 'ACTIVE', tenant_id: 'p', created: '2026-01-01T00:00:00Z' };

describe('state of a server', () => {
  it.each([
    ['ACTIVE', 'powering-off', 'UP', 'stopping'],
    ['ACTIVE', 'deleting', 'UP', 'stopping'],
    ['SHUTOFF', 'powering-on', 'UP', 'starting'],
    ['ACTIVE', 'image_uploading', 'UP', 'running'],
    ['ERROR', 'deleting', 'UP', 'stopping'],
    ['ERROR', 'spawning', 'UP', 'failed'],
    ['DELETED', 'powering-on', 'UP', 'terminated'],
    ['ACTIVE', null, 'DOWN', 'unknown'],
    ['ACTIVE', null, 'UNKNOWN', 'unknown'],
    ['PAUSED', null, 'DOWN', 'unknown'],
    ['SHUTOFF', null, 'DOWN', 'stopped'],
    ['ERROR', null, 'DOWN', 'failed'],
    ['ACTIVE', null, 'MAINTENANCE', 'running'],
    ['ACTIVE', null, '', 'running'],
    [null, null, null, 'unknown'],
  ])('%s with task %s on a host that is %s is %s', (status, task, host, state) => {
    expect(stateOf(status, task, host)).toBe(state);
  });

  it('keeps the word of Nova, with the task under way', () => {
    expect(nativeStateOf('ACTIVE', 'powering-off')).toBe('ACTIVE (powering-off)');
    expect(nativeStateOf('ACTIVE', null)).toBe('ACTIVE');
  });
});

describe('mapping of OpenStack', () => {
  it('tells what other systems call the same machine', () => {
    const addresses = {
      net: [
        { addr: '10.0.0.5', 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': 'FA:16:3E:00:00:01' },
        { addr: '2001:DB8::5', 'OS-EXT-IPS:type': 'fixed', 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01' },
        { addr: '203.0.113.9', 'OS-EXT-IPS:type': 'floating', 'OS-EXT-IPS-MAC:mac_addr': 'fa:16:3e:00:00:01' },
      ],
    };
    const row = toServer({ ...server, addresses, 'OS-EXT-SRV-ATTR:hypervisor_hostname': 'Compute-1' }, place);
    const id = ID.toLowerCase();
    expect(row.uid).toBe(`keystone.example.org/RegionOne/${ID}`);
    expect(row.identities).toEqual([
      { type: 'provider-id', value: id },
      { type: 'provider-id', value: `regionone/${id}` },
      { type: 'instance-id', value: id },
      { type: 'system-uuid', value: id },
      { type: 'mac', value: 'fa:16:3e:00:00:01' },
      { type: 'address', value: '10.0.0.5' },
      { type: 'address', value: '2001:db8::5' },
      { type: 'address', value: '203.0.113.9' },
      { type: 'hostname', value: 'web' },
    ]);
    const host = toHypervisor({ id: 1, hypervisor_hostname: 'COMPUTE-1', host_ip: '192.0.2.1', state: 'up' }, place);
    expect(row.hostedBy).toEqual([host.identities[0]]);
    expect(host.identities[0]?.value).toBe('openstack/keystone.example.org/regionone/compute-1');
  });

  it('fault 113: a fixed address is its own, on a provider network too; a floating one is mapped to it, of RFC 1918 too', () => {
    const fixed = (addr: string) => ({ addr, 'OS-EXT-IPS:type': 'fixed' });
    const floating = (addr: string) => ({ addr, 'OS-EXT-IPS:type': 'floating' });
    const of = (...public_: object[]) => toServer({ ...server, addresses: { public: public_ } }, place);
    const provider = of(fixed('185.1.2.3'), fixed('2A01:4F8::5'));
    expect(provider).toMatchObject({ addresses: ['185.1.2.3', '2a01:4f8::5'], mappedAddresses: [] });
    expect(exposedOf(provider)).toBe(true);
    const inner = of(fixed('10.0.0.5'), floating('192.168.7.9'));
    expect(inner).toMatchObject({ addresses: ['10.0.0.5'], mappedAddresses: ['192.168.7.9'] });
    expect(exposedOf(inner)).toBe(false);
    expect(exposedOf(of(fixed('10.0.0.5'), floating('185.1.2.3')))).toBe(true);
    expect(exposedOf(toServer({ id: ID, status: 'UNKNOWN' }, place))).toBeNull();
  });

  it('reads encrypted memory, operating system, fault and bare tags', () => {
    const specs = { 'hw:mem_encryption': 'True', 'hw:mem_encryption_model': 'amd-sev-es' };
    const row = toServer(
      {
        ...server,
        status: 'ERROR',
        flavor: { original_name: 'm1', vcpus: 1, ram: 512, extra_specs: specs },
        metadata: { os_distro: 'debian', os_version: '13' },
        tags: ['web', 'blue'],
        fault: { message: 'No valid host was found.', details: 'Traceback of a secret place' },
      },
      place,
    );
    expect(row).toMatchObject({ isolation: 'sev-es', os: 'debian 13', stateReason: 'No valid host was found.' });
    expect({ ...row.tags }).toEqual({ web: '', blue: '', os_distro: 'debian', os_version: '13' });
    expect(JSON.stringify(row.raw)).not.toContain('Traceback');
  });

  it('fault 26: keeps a flavor, a host and an image that it does not understand as nothing', () => {
    const row = toServer({ ...server, flavor: 'm1', image: '', addresses: [], metadata: null, tags: {} }, place);
    expect(row).toMatchObject({
      type: null,
      vcpus: null,
      memory: null,
      image: null,
      hostedBy: [],
      addresses: null,
      mappedAddresses: null,
    });
  });

  it('fault 5: does not know the sizes of a flavor that could not be looked up', () => {
    expect(unknownOf({ ...server, flavor: { id: '1' } }, place)).toEqual(['type', 'vcpus', 'memory', 'isolation']);
    expect(unknownOf({ ...server, flavor: { original_name: 'm1' } }, place)).toEqual([]);
  });

  it.each([
    [{ id: 7, hypervisor_hostname: 'c', state: 'up', status: 'enabled' }, 'running', 'up', null],
    [{ id: 7, hypervisor_hostname: 'c', state: 'down', status: 'enabled' }, 'unknown', 'down', null],
    [
      { id: 7, hypervisor_hostname: 'c', state: 'up', status: 'disabled', service: { disabled_reason: 'new disk' } },
      'running',
      'up, disabled',
      'new disk',
    ],
  ])('reads the state of the hypervisor %j', (row, state, nativeState, stateReason) => {
    expect(toHypervisor(row, place)).toMatchObject({ nativeId: '7', state, nativeState, stateReason, physical: null });
  });

  it('takes 0 processors of a hypervisor, as Ironic and dedicated ones have, for not told', () => {
    const host = { id: 7, hypervisor_hostname: 'c', state: 'up', memory_mb: 65536, vcpus: 0 };
    expect(toHypervisor(host, place)).toMatchObject({ vcpus: null, physical: { cpu: null, memory: 65536 } });
    expect(toHypervisor({ ...host, memory_mb: 0 }, place)).toMatchObject({ memory: null, physical: null });
  });
});

describe('microversions', () => {
  it.each([
    [{ version: { version: '2.100', min_version: '2.1' } }, 96],
    [{ version: { version: '2.93', min_version: '2.1' } }, 93],
    [
      {
        versions: [
          { id: 'v2.0', version: '' },
          { id: 'v2.1', version: '2.79', min_version: '2.1' },
        ],
      },
      79,
    ],
    [{ version: { id: 'v2.0', version: '', min_version: '' } }, null],
    [{ version: { version: '2.200', min_version: '2.150' } }, undefined],
    [{ version: { version: '3.1' } }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('of %j asks for %s', (document, version) => expect(negotiate(document)).toBe(version));

  it('goes down to 2.1 and no further', () => {
    const seen: (number | null)[] = [];
    for (let at: number | null = 96; at !== null; at = below(at)) seen.push(at);
    expect(seen.at(-1)).toBe(1);
    expect(seen.length).toBeLessThan(20);
    expect(versionHeaders(null)).toEqual({});
  });
});
