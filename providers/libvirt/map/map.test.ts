import { describe, expect, it } from 'vitest';
import { exposedOf } from '#lib/language/grammar/reach.ts';
import type { Scope } from '#lib/model/index.ts';
import { parseUri } from '../client/uri.ts';
import { mebibytes } from './amount.ts';
import { hostOf } from './host.ts';
import { toResource } from './map.ts';
import { hostResource } from './map-host.ts';
import { nodeFacts } from './node-facts.ts';
import { stateOf } from './state.ts';

const UUID = '213fc470-056b-4f62-99d9-470f51aba897';
const HOST = 'b9f23c52-8ee9-4ce8-9bf2-044b2d54438e';
const scope: Scope = {
  id: `lab/${HOST}/*/domains`,
  provider: 'libvirt',
  source: 'lab',
  account: HOST,
  region: null,
  part: 'domains',
  kind: 'vm',
  label: 'lab',
};

function answer(uuid: string | null, hostname: string | null = 'Hyper-1', uri = 'qemu:///system') {
  const parsed = parseUri(uri);
  if (typeof parsed === 'string') throw new Error(parsed);
  const capabilities = `<capabilities><host>${uuid ? `<uuid>${uuid}</uuid>` : ''}</host></capabilities>`;
  return hostOf({ capabilities, hostname, nodeinfo: null, nodememstats: null }, parsed);
}

const map = (inner: string, more: { state?: string; addresses?: string; type?: string } = {}) =>
  toResource(
    {
      uuid: UUID,
      xml: `<domain type='${more.type ?? 'kvm'}'><name>a</name><uuid>${UUID.toUpperCase()}</uuid>${inner}</domain>\n\n`,
      state: more.state ?? 'running',
      addresses: more.addresses ?? null,
    },
    { scope, host: answer(HOST) },
  );

describe('a domain', () => {
  it('has the CPUs that are plugged in, and the memory it may have', () => {
    const row = map(
      "<memory unit='KiB'>4194304</memory><currentMemory unit='KiB'>1048576</currentMemory><vcpu current='2'>8</vcpu>",
    );
    expect([row.vcpus, row.memory]).toEqual([2, 4096]);
  });

  it('says nothing where libvirt says nothing', () => {
    const row = map('');
    expect(row).toMatchObject({
      vcpus: null,
      memory: null,
      type: null,
      image: null,
      os: null,
      createdAt: null,
      tags: {},
    });
  });

  it('has the addresses of domifaddr, without those that every machine has', () => {
    const addresses = ` Name       MAC address          Protocol     Address
-------------------------------------------------------------------------------
 vnet0      52:54:00:6c:3c:01    ipv4         192.168.122.3/24
 -          -                    ipv6         2001:DB8::1/64
 lo         00:00:00:00:00:00    ipv4         127.0.0.1/8
 vnet1      52:54:00:6c:3c:02    N/A          N/A
`;
    const row = map('', { addresses });
    expect(row.addresses).toEqual(['192.168.122.3', '2001:db8::1']);
    expect(row.identities).toContainEqual({ type: 'address', value: '192.168.122.3' });
  });

  it('fault 113: is unexposed only where every interface of it has a lease', () => {
    const nics = (...macs: string[]) =>
      `<devices>${macs.map((mac) => `<interface type='network'><mac address='${mac}'/></interface>`).join('')}</devices>`;
    const lease = (address: string) => ` vnet0      52:54:00:6c:3c:01    ipv4         ${address}/24\n`;
    const of = (xml: string, addresses: string) => exposedOf(map(xml, { addresses }));
    expect(of(nics('52:54:00:6c:3c:01'), lease('192.168.122.3'))).toBe(false);
    expect(of(nics('52:54:00:6c:3c:01'), lease('185.1.2.3'))).toBe(true);
    expect(of(nics('52:54:00:6c:3c:01', '52:54:00:6c:3c:02'), lease('192.168.122.3'))).toBeNull();
    expect(of(nics('52:54:00:6c:3c:01'), '')).toBeNull();
    expect(exposedOf(map(''))).toBeNull();
  });

  it('keeps the keys alone of tags that say that they hold a secret', () => {
    const row = map(
      `<metadata><m:tags xmlns:m='x'><m:tag key='DB_PASSWORD'>canary</m:tag><m:entry name='api-key' value='canary'/></m:tags></metadata>`,
    );
    expect(row.tags).toEqual({ DB_PASSWORD: '[redacted]', 'api-key': '[redacted]' });
  });

  it('takes tags from pairs in its metadata, the system from libosinfo, names from Nova, and nothing else', () => {
    const row = map(`<metadata>
      <m:tags xmlns:m='x'><m:tag key='__proto__'>own</m:tag><m:label name='team'>lab</m:label><m:tag key='v' value='1'/></m:tags>
      <libosinfo:libosinfo xmlns:libosinfo='y'><libosinfo:os id='http://ubuntu.com/ubuntu/22.04'/></libosinfo:libosinfo>
      <nova:instance xmlns:nova='z'><nova:name>shop</nova:name><nova:flavor name='m1.small'><nova:memory>1</nova:memory></nova:flavor>
        <nova:owner><nova:project uuid='p'>web</nova:project></nova:owner></nova:instance>
      <d:note xmlns:d='w'>password canary</d:note></metadata><description>canary</description>`);
    expect(Object.entries(row.tags).sort()).toEqual(
      [
        ['__proto__', 'own'],
        ['nova:flavor', 'm1.small'],
        ['nova:project', 'web'],
        ['team', 'lab'],
        ['v', '1'],
      ].sort(),
    );
    expect(row).toMatchObject({ os: 'ubuntu 22.04', aliases: ['shop'] });
    expect(JSON.stringify(row)).not.toContain('canary');
  });

  it('fault 81: keeps what is secret out of its detail', () => {
    const row = map(`<os><type>hvm</type><cmdline>token=canary</cmdline><initenv name='A'>canary</initenv></os>
      <sysinfo type='fwcfg'><entry name='opt/x'>canary</entry></sysinfo>
      <devices><graphics type='vnc' passwd='canary'/><disk device='disk'><auth username='canary'><secret uuid='canary'/></auth>
        <source protocol='https' name='img' query='sig=canary'><cookies><cookie name='c'>canary</cookie></cookies></source></disk></devices>
      <qemu:commandline xmlns:qemu='q'><qemu:env name='T' value='canary'/><qemu:arg value='canary'/></qemu:commandline>
      <launchSecurity type='sev-snp'><session>canary</session></launchSecurity>`);
    expect(JSON.stringify(row)).not.toContain('canary');
    expect(row).toMatchObject({ isolation: 'sev-snp', image: 'img' });
  });

  it('is a container where LXC or OpenVZ runs it', () => {
    expect(map('', { type: 'lxc' }).kind).toBe('container');
    expect(map('', { type: 'openvz' }).kind).toBe('container');
    expect(map('', { type: 'vmware' }).kind).toBe('vm');
  });

  it('is unreadable where another one was described, or none', () => {
    const place = { scope, host: answer(HOST) };
    const described = { uuid: UUID, state: null, addresses: null };
    const other = `<domain><name>a</name><uuid>${HOST}</uuid></domain>`;
    expect(() => toResource({ ...described, xml: null }, place)).toThrow('xml: expected');
    expect(() => toResource({ ...described, xml: other }, place)).toThrow('uuid: expected');
    const nameless = `<domain><uuid>${UUID}</uuid></domain>`;
    expect(() => toResource({ ...described, xml: nameless }, place)).toThrow('name: expected');
  });
});

describe('a state', () => {
  it.each([
    ['paused (I/O error)', 'failed'],
    ['paused (crashed)', 'failed'],
    ['paused (user)', 'suspended'],
    ['shut off (crashed)', 'failed'],
    ['shut off (failed)', 'failed'],
    ['shut off (destroyed)', 'stopped'],
    ['crashed (panicked)', 'failed'],
    ['in shutdown (user)', 'stopping'],
    ['no state (unknown)', 'unknown'],
  ])('%s is %s', (line, state) => {
    const [, native, reason] = /^(.*) \((.*)\)$/.exec(line) ?? [];
    expect(stateOf(line)).toEqual({ state, nativeState: native, stateReason: reason === 'unknown' ? null : reason });
  });

  it('is unknown where virsh said none', () => {
    expect(stateOf(null)).toEqual({ state: 'unknown', nativeState: null, stateReason: null });
  });
});

describe('a hypervisor', () => {
  it('is known by its UUID, or by its name, driver and path where it has none of its own', () => {
    expect(answer(HOST.toUpperCase())).toMatchObject({ id: HOST, uuid: HOST, hostname: 'Hyper-1' });
    for (const filler of [null, '00000000-0000-0000-0000-000000000000', '00020003-0004-0005-0006-000700080009', 'x'])
      expect(answer(filler, 'Hyper-1', 'vmwarews:///session')).toMatchObject({
        id: 'hyper-1:vmwarews:/session',
        uuid: null,
      });
    expect(() => answer(null, null)).toThrow('neither its UUID nor its name');
  });

  it('says no capacity where nobody knows it', () => {
    const row = hostResource(answer(null), null, { ...scope, part: 'host', kind: 'host' });
    expect(row).toMatchObject({ vcpus: null, memory: null, physical: null });
    expect(row.identities.map(({ type }) => type)).toEqual(['host', 'hostname']);
  });

  it('reads nodeinfo, and nothing out of anything else', () => {
    expect(
      nodeFacts('CPU model:           x86_64\nCPU(s):              64\nMemory size:         528000000 KiB\n\n'),
    ).toEqual({
      cpus: 64,
      memory: 515625,
      model: 'x86_64',
    });
    expect(nodeFacts('<html>')).toEqual({ cpus: null, memory: null, model: null });
  });
});

it.each([
  ['1048576', 'KiB', 1024],
  ['1048576', null, 1024],
  ['2', 'GiB', 2048],
  ['2097152', 'bytes', 2],
  ['1', 'parsec', null],
  ['-1', 'KiB', null],
  ['', 'KiB', null],
] as const)('%j %s is %s MiB', (text, unit, value) => expect(mebibytes(text, unit)).toBe(value));
