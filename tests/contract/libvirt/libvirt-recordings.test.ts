import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourceSchema, type Scope } from '#lib/model/index.ts';
import { parseUri } from '#providers/libvirt/client/uri.ts';
import { parseEvent } from '#providers/libvirt/list/events.ts';
import { hostOf } from '#providers/libvirt/map/host.ts';
import { toResource } from '#providers/libvirt/map/map.ts';
import { hostResource } from '#providers/libvirt/map/map-host.ts';
import { stateOf } from '#providers/libvirt/map/state.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../../shared/recordings/libvirt');
const present = existsSync(FOLDER);
const read = (name: string) => readFileSync(path.join(FOLDER, `libvirt-9.0-${name}`), 'utf8');

const HOST = 'b9f23c52-8ee9-4ce8-9bf2-044b2d54438e';
const uri = parseUri('qemu:///system');
if (typeof uri === 'string') throw new Error(uri);
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

describe.skipIf(!present)(`recordings of libvirt 9.0${present ? '' : ' (left out: no ../shared/recordings)'}`, () => {
  const host = () => hostOf({ capabilities: read('capabilities.xml'), hostname: 'Hyper-1\n\n', nodeinfo: null }, uri);

  it('maps the hypervisor by its capabilities, with the hardware that these alone tell', () => {
    const row = resourceSchema.parse(hostResource(host(), null, { ...scope, part: 'host', kind: 'host' }));
    expect(row).toMatchObject({
      uid: HOST,
      name: 'Hyper-1',
      type: 'kvm64',
      vcpus: 2,
      physical: { cpu: 2, memory: 24105.563 },
    });
    expect(row.identities).toEqual([
      { type: 'host', value: `libvirt/${HOST}` },
      { type: 'system-uuid', value: HOST },
      { type: 'hostname', value: 'hyper-1' },
    ]);
  });

  it('maps a machine of QEMU', () => {
    const uuid = '213fc470-056b-4f62-99d9-470f51aba897';
    const described = { uuid, xml: read('qemu-dumpxml.xml'), state: 'running', addresses: null };
    const row = resourceSchema.parse(toResource(described, { scope, host: host() }));
    expect(row).toMatchObject({
      uid: `${HOST}/qemu:/system/${uuid}`,
      kind: 'vm',
      name: 'tiny-1',
      aliases: ['Tiny 1'],
      state: 'running',
      type: 'hvm pc-i440fx-7.2',
      vcpus: 1,
      memory: 32,
      image: '/srv/peers/lv/img/d1.raw',
      tags: { env: 'prod' },
      hostedBy: [{ type: 'host', value: `libvirt/${HOST}` }],
    });
    expect(row.identities).toEqual([
      { type: 'system-uuid', value: uuid },
      { type: 'mac', value: '52:54:00:aa:00:01' },
    ]);
  });

  it('maps a container of LXC: limits, no machine', () => {
    const uuid = 'c24ab5a7-5497-4a37-ae9a-4fd295022b08';
    const described = { uuid, xml: read('lxc-dumpxml.xml'), state: 'shut off (failed)', addresses: null };
    const row = resourceSchema.parse(toResource(described, { scope, host: host() }));
    expect(row).toMatchObject({
      kind: 'container',
      name: 'ct-1',
      state: 'failed',
      nativeState: 'shut off',
      stateReason: 'failed',
      type: 'exe',
      vcpus: null,
      memory: null,
      limits: { cpu: null, memory: 64 },
      image: '/srv/peers/lv/rootfs1',
    });
    expect(JSON.stringify(row.raw)).not.toContain('initarg');
  });

  it('understands every line of the events', () => {
    const lines = read('events.txt').split('\n');
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter(Boolean).map(parseEvent)).toEqual(
      ['tiny-3', 'tiny-4', 'tiny-4', 'tiny-4', 'tiny-4', 'tiny-3'].map((name) => ({ type: 'domain', name })),
    );
  });

  it('knows every state of the list and of the statistics', () => {
    const words = read('list.txt')
      .split('\n')
      .slice(2)
      .flatMap((line) => /^ \S+ +\S+ +(.+)$/.exec(line)?.[1] ?? []);
    expect(words.map((word) => stateOf(word).state)).toEqual(['running', 'running', 'suspended', 'stopped']);
    const numbers = [...read('qemu-domstats.txt').matchAll(/state\.state=(\d)/g)].map(([, number]) => Number(number));
    // virDomainState: running 1, paused 3, shut off 5.
    expect(numbers.sort()).toEqual([1, 1, 3, 5]);
  });
});
