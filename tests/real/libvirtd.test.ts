import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownMachine } from '#lib/collector/own-machine.ts';
import { type Resource, resourceSchema, type ScopeStatus } from '#lib/model/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import { openReadStore, openWriteStore, type ReadStore, type WriteStore } from '#lib/store/index.ts';
import type { Source } from '#lib/sync/source.ts';
import { Sync } from '#lib/sync/sync.ts';
import { libvirt } from '#providers/libvirt/index.ts';
import { type Libvirtd, startLibvirtd, whyNoLibvirtd } from '#tests/support/libvirt/libvirtd.ts';
import { silentLogger } from '#tests/support/log.ts';

const why = whyNoLibvirtd();
/** Real processes on a machine that may be busy. */
const LIMIT = { timeout: 120_000, interval: 250 };
const GUESTS = ['ct-1', 'ct-2', 'tiny-1', 'tiny-2', 'tiny-3', 'tiny-4'];

function sourceOf(id: string, uri: string): Source {
  const config = libvirt.config.parse({ uri });
  const open: Source['open'] = async (env) => (await libvirt.load()).open(config, env);
  return { id, provider: libvirt, interval: 300_000, discovery: 1_800_000, open };
}

describe.skipIf(why !== null)(`a real libvirtd${why ? ` (left out: ${why})` : ''}`, { timeout: 400_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-two-drivers-'));
  let daemon: Libvirtd;
  let write: WriteStore;
  let read: ReadStore;
  let sync: Sync;

  beforeAll(async () => {
    daemon = await startLibvirtd();
    write = await openWriteStore(path.join(folder, 'muster.db'), { clock: systemClock });
    read = await openReadStore(path.join(folder, 'muster.db'));
    await begin();
  }, 600_000);
  afterAll(async () => {
    await sync?.stop();
    await read?.close();
    await write?.close();
    rmSync(folder, { recursive: true, force: true });
    await daemon?.stop();
  }, 300_000);

  /** Root's session leads to the daemon of the system. */
  async function begin() {
    const sources = [
      sourceOf('qemu', daemon.qemu),
      sourceOf('lxc', daemon.lxc),
      sourceOf('session', `qemu:///session?socket=${daemon.socket}`),
    ];
    sync = new Sync({
      sources,
      store: write,
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
      machine: ownMachine,
    });
    await sync.start();
  }

  async function rows(kind?: Resource['kind']): Promise<Omit<Resource, 'raw'>[]> {
    const all: Omit<Resource, 'raw'>[] = [];
    for await (const chunk of read.scan(100)) all.push(...chunk.map(({ resource }) => resource));
    return all.filter((row) => kind === undefined || row.kind === kind);
  }
  const names = async () =>
    (await rows())
      .filter(({ kind }) => kind !== 'host')
      .map(({ name }) => name)
      .sort();
  const stateOf = async (name: string) => (await rows()).find((row) => row.name === name)?.state ?? null;
  /** Of the scopes of domains those that have them: two sources lead to the same ones of QEMU. */
  const domains = async (): Promise<ScopeStatus[]> =>
    (await read.scopes()).filter(({ part, count }) => part !== 'host' && count > 0);
  const states = async (scopes: Promise<ScopeStatus[]>) => (await scopes).map(({ state }) => state);

  it('fault 104: has the domains of both drivers, one host, and says of what is found twice that it is', async () => {
    await expect.poll(names, LIMIT).toEqual(GUESTS);
    await expect.poll(() => states(domains()), LIMIT).toEqual(['fresh', 'fresh']);
    const [qemu, lxc] = [await rows('vm'), await rows('container')];
    expect([qemu.length, lxc.length]).toEqual([4, 2]);
    const [host, ...more] = await rows('host');
    expect(more).toEqual([]);
    for (const row of [...qemu, ...lxc]) {
      const driver = row.kind === 'vm' ? 'qemu' : 'lxc';
      expect(row.uid).toBe(`${host?.uid}/${driver}:/system/${row.nativeId}`);
      expect(row.hostedBy).toEqual(host?.identities.slice(0, 1));
      resourceSchema.parse({ ...row, raw: null });
    }
    const doubles = async () => (await read.scopes()).filter(({ state }) => state === 'duplicate');
    await expect.poll(async () => (await doubles()).length, LIMIT).toBe(3);
    const twice = await doubles();
    expect(twice.map(({ part }) => part.replace(/:.*/, '')).sort()).toEqual(['domains', 'host', 'host']);
    for (const { reason, count } of twice)
      expect({ count, reason }).toMatchObject({ count: 0, reason: { kind: 'other-source' } });
  });

  it('fault 104: has the same after a restart, whoever is first', async () => {
    const uids = (await rows()).map(({ uid }) => uid).sort();
    await sync.stop();
    await begin();
    await expect.poll(() => states(domains()), LIMIT).toEqual(['fresh', 'fresh']);
    expect((await rows()).map(({ uid }) => uid).sort()).toEqual(uids);
  });

  it('fault 111, fault 112: knows the machine that it runs on, and the memory that this has now', async () => {
    const [host] = await rows('host');
    const total = Number(/^MemTotal: +(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) / 1024;
    expect(host?.memory).toBeCloseTo(total, 0);
    expect(host?.physical?.memory).toBeCloseTo(total, 0);
    expect(host?.identities).toContainEqual({ type: 'boot-id', value: ownMachine()?.bootId });
  });

  it('says what is on the screen of virsh: states, names and UUIDs of every guest', async () => {
    for (const uri of [daemon.qemu, daemon.lxc]) {
      const listed = (await daemon.virsh(uri, 'list', '--all', '--name')).trim().split('\n');
      for (const name of listed) {
        const row = (await rows()).find((one) => one.name === name);
        expect(row?.nativeState).toBe((await daemon.virsh(uri, 'domstate', name)).trim());
        expect(row?.nativeId).toBe((await daemon.virsh(uri, 'domuuid', name)).trim());
      }
    }
  });

  it('follows what happens to guests of both drivers', async () => {
    const { qemu, lxc, virsh } = daemon;
    const becomes = (name: string, state: string | null) => expect.poll(() => stateOf(name), LIMIT).toBe(state);
    await virsh(qemu, 'suspend', 'tiny-1');
    await becomes('tiny-1', 'suspended');
    await virsh(qemu, 'resume', 'tiny-1');
    await becomes('tiny-1', 'running');
    await virsh(qemu, 'destroy', 'tiny-2');
    await becomes('tiny-2', 'stopped');
    await virsh(qemu, 'start', 'tiny-2');
    await becomes('tiny-2', 'running');
    await virsh(qemu, 'undefine', 'tiny-4');
    await becomes('tiny-4', null);
    await virsh(qemu, 'define', daemon.xml('tiny-4'));
    await becomes('tiny-4', 'stopped');
    await virsh(lxc, 'destroy', 'ct-1');
    await becomes('ct-1', 'stopped');
    await virsh(lxc, 'start', 'ct-1');
    await becomes('ct-1', 'running');
  });

  it('fault 106: keeps every row while the daemon is killed, says so, and is right again once it runs', async () => {
    const before = (await rows()).map(({ uid }) => uid).sort();
    await daemon.kill();
    for (const { id } of await domains()) {
      const state = async () => (await domains()).find((scope) => scope.id === id)?.state;
      await expect.poll(state, LIMIT).not.toBe('fresh');
    }
    expect((await rows()).map(({ uid }) => uid).sort()).toEqual(before);
    for (const { reason } of await domains()) expect(reason?.message).not.toBe('');
    await daemon.again();
    await expect.poll(() => states(domains()), LIMIT).toEqual(['fresh', 'fresh']);
    expect((await rows()).map(({ uid }) => uid).sort()).toEqual(before);
    await daemon.virsh(daemon.qemu, 'suspend', 'tiny-1');
    await expect.poll(() => stateOf('tiny-1'), LIMIT).toBe('suspended');
    await daemon.virsh(daemon.lxc, 'destroy', 'ct-2');
    await expect.poll(() => stateOf('ct-2'), LIMIT).toBe('stopped');
  });
});
