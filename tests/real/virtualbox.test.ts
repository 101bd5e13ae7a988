import { renameSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#lib/collector/clock.ts';
import { drain, type Resource, type Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { virtualbox } from '#providers/virtualbox/index.ts';
import {
  startVirtualBox,
  type VirtualBoxEngine,
  whyNoVirtualBox,
} from '#tests/support/virtualbox/virtualbox-engine.ts';

const why = whyNoVirtualBox();
/** Real processes on a machine that may be busy. */
const LIMIT = { timeout: 120_000, interval: 250 };
const ODD = '測試機 "q"\n<inaccessible> {x}';

describe.skipIf(why !== null)(`a real VirtualBox${why ? ` (left out: ${why})` : ''}`, { timeout: 400_000 }, () => {
  const rows = new Map<string, Resource>();
  const stop = new AbortController();
  let engine: VirtualBoxEngine;
  let connection: Connection;
  let vms: Scope;
  let failure: unknown = null;
  let alive = 0;

  beforeAll(async () => {
    engine = await startVirtualBox();
    await engine.create('web', '--groups', '/shop');
    await engine.create(ODD);
    const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    connection = await (await virtualbox.load()).open(
      virtualbox.config.parse({ vboxManage: engine.program, timeout: 120 }),
      { source: 'real', clock: systemClock, random: Math.random, log },
    );
    for await (const scope of connection.scopes({ signal: stop.signal })) if (scope.part === 'vms') vms = scope;
    follow().catch((error: unknown) => {
      if (!stop.signal.aborted) failure = error;
    });
  }, 1_200_000);
  afterAll(async () => {
    stop.abort(new Error('over'));
    await connection?.close();
    engine?.stop();
  }, 60_000);

  async function follow(): Promise<void> {
    for await (const event of connection.watch?.(vms, { signal: stop.signal }) ?? []) {
      if (event.type === 'alive') alive++;
      else if (event.type === 'listing') {
        const listing = await drain(vms, event.batches, (error) => {
          failure = error;
          return { kind: 'internal', message: String(error) };
        });
        expect(listing.complete).toBe(true);
        for (const row of listing.resources.values()) rows.set(row.origin, row);
      } else if (event.resources.length === 0) rows.delete(event.origin);
      else for (const row of event.resources) rows.set(row.origin, row);
    }
  }
  const names = () => [...rows.values()].map(({ name }) => name).sort();
  const named = (name: string) => [...rows.values()].find((row) => row.name === name);
  const until = async <T>(read: () => T, expected: T) => {
    await expect.poll(() => failure ?? read(), LIMIT).toEqual(expected);
  };

  it('has its VMs, whatever they are called, behind the warning that it prints', async () => {
    expect(await engine.manage('list', 'vms')).toMatch(/^WARNING: /);
    await until(names, ['web', ODD].sort());
    expect(named('web')).toMatchObject({
      state: 'stopped',
      nativeState: 'poweroff',
      os: 'Debian (64-bit)',
      tags: { groups: '/shop' },
    });
  });

  it('follows VMs that are made, changed, cloned, snapshotted and removed', async () => {
    const uuid = await engine.create('db');
    await until(names, ['db', 'web', ODD].sort());
    await engine.manage('modifyvm', 'db', '--memory', '2048', '--cpus', '2', '--nic1', 'nat');
    await engine.manage('modifyvm', 'db', '--description', 'a "b"\nVMState="running"\n');
    await until(() => named('db')?.memory, 2048);
    await until(() => named('db')?.tags.description, 'a "b"\nVMState="running"\n');
    expect(named('db')).toMatchObject({ vcpus: 2, state: 'stopped', nativeId: uuid });
    expect(named('db')?.identities).toContainEqual({ type: 'system-uuid', value: uuid });
    expect(named('db')?.identities.map(({ type }) => type)).toContain('mac');
    await engine.manage('snapshot', 'db', 'take', 'VMState="x"', '--description', 'a"\nname="other"');
    await until(() => (named('db')?.raw as { snapshots?: number } | undefined)?.snapshots, 1);
    await engine.manage('clonevm', 'db', '--name', 'copy', '--register');
    await until(names, ['copy', 'db', 'web', ODD].sort());
    expect(named('copy')?.nativeId).not.toBe(uuid);
    await engine.manage('unregistervm', 'copy', '--delete');
    await until(names, ['db', 'web', ODD].sort());
  });

  it('keeps a VM whose folder is away, as one whose state is not known', async () => {
    const uuid = named('web')?.nativeId ?? '';
    const folder = path.join(engine.machines, 'shop', 'web');
    renameSync(folder, `${folder}-away`);
    engine.kill();
    await until(() => rows.get(uuid)?.state, 'unknown');
    renameSync(`${folder}-away`, folder);
    engine.kill();
    await until(() => rows.get(uuid)?.state, 'stopped');
    expect(named('web')?.nativeId).toBe(uuid);
  });

  it('says that it is alive once every VM was looked at, and follows a VBoxSVC that was killed', async () => {
    const before = alive;
    engine.kill();
    await expect.poll(() => alive, LIMIT).toBeGreaterThan(before + 1);
    expect(failure).toBeNull();
  });

  it('is refused nothing, and says of a VM that there is none', async () => {
    const seen = await Array.fromAsync(connection.permissions({ signal: stop.signal }));
    expect(seen.map(({ state }) => state)).toEqual(seen.map(() => 'allowed'));
  });
});
