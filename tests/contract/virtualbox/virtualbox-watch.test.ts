import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import type { VmRow } from '#providers/virtualbox/mock/wire.ts';
import { ACTIONS } from '#providers/virtualbox/policy.ts';
import { aVm, failing, type VirtualBoxHost } from '#tests/fakes/virtualbox.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { listed, virtualBoxHere } from '#tests/support/virtualbox/virtualbox.ts';

const WAIT = { timeout: 20_000, interval: 5 };
const TICK = 5000;

async function watching(rows: VmRow[], before: (host: VirtualBoxHost) => void = () => undefined) {
  const clock = new VirtualClock();
  const { host, connection, vms } = await virtualBoxHere(rows, clock);
  before(host);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: string[] = [];
  const errors: string[] = [];
  let failure: unknown = null;
  read(seen, errors, vms, connection.watch?.(vms, { signal: stop.signal })).catch((error: unknown) => {
    failure = error;
  });
  const resting = () => expect.poll(() => clock.sleeping(), WAIT).toEqual([TICK]);
  return {
    host,
    clock,
    seen,
    /** Calls that failed beside the listings. */
    errors,
    failure: () => failure,
    resting,
    /** One tick, and what comes of it. */
    async tick() {
      await resting();
      const before = host.asked.length;
      await clock.advance(TICK);
      await expect.poll(() => host.asked.length, WAIT).toBeGreaterThan(before);
      // What is locked is asked again, with pauses.
      for (let pauses = 0; pauses < 3; pauses++) {
        await expect.poll(() => clock.sleeping().length, WAIT).toBe(1);
        if (clock.sleeping()[0] !== TICK) await clock.advance(2000);
      }
      await resting();
    },
  };
}

async function read(
  seen: string[],
  errors: string[],
  scope: Scope,
  events: ReturnType<NonNullable<Connection['watch']>> | undefined,
) {
  for await (const event of events ?? []) {
    if (event.type === 'heartbeat') seen.push('heartbeat');
    else if (event.type === 'listing') {
      const listing = await listed(event.batches, scope);
      errors.push(...listing.detailErrors.map(({ call }) => call));
      seen.push(`listing ${listing.complete ? listing.resources.size : listing.reason.kind}`);
    } else if (event.resources.length === 0) seen.push(`gone ${event.objectId.at(-1)}`);
    else seen.push(...event.resources.map((row) => `upsert ${row.objectId.at(-1)} ${row.name} ${row.state}`));
  }
}

it('sees within one tick what came, went, was renamed, started or stopped, and looks at that', async () => {
  const many = Array.from({ length: 9 }, (_, at) => aVm(at + 1, { VMState: 'poweroff' }));
  const { host, seen, tick, resting } = await watching(many);
  await resting();
  expect(seen).toEqual(['listing 9']);
  host.rows = host.rows.filter(({ uuid }) => !uuid.endsWith('8'));
  host.put(aVm(7));
  host.put(aVm(9, { name: 'renamed', VMState: 'poweroff' }));
  host.put(aVm(5, { name: 'vm-5' }));
  await tick();
  expect(seen.slice(1, 2)).toEqual(['gone 8']);
  expect(seen).toEqual(
    expect.arrayContaining(['upsert 7 vm-7 running', 'upsert 9 renamed stopped', 'upsert 5 vm-5 running']),
  );
});

it('looks at a few of the others in turn, and is alive once all were looked at', async () => {
  const { host, seen, tick, resting } = await watching(
    Array.from({ length: 6 }, (_, at) => aVm(at + 1, { VMState: at < 1 ? 'running' : 'poweroff' })),
  );
  await resting();
  host.asked.length = 0;
  await tick();
  const looked = () => host.asked.filter((asked) => asked.startsWith(ACTIONS.describe)).map((asked) => asked.at(-1));
  // Those that run first.
  expect(looked().toSorted()).toEqual(['1', '2', '3', '4']);
  expect(seen).not.toContain('heartbeat');
  // A change that neither list tells.
  host.put(aVm(6, { VMState: 'saved' }));
  await tick();
  expect(looked().toSorted()).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(seen).toContain('upsert 6 vm-6 suspended');
  expect(seen.at(-1)).toBe('heartbeat');
});

/** VMs that are off, with their settings in files; `write` changes those of one, so long before the clock of the tests. */
function settled(count: number) {
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-vbox-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = (at: number) => path.join(folder, `vm-${at}.vbox`);
  const write = (at: number, hoursAgo: number, uuid = aVm(at).uuid) => {
    writeFileSync(file(at), `<!-- settings -->\n<Machine uuid="{${uuid}}" name="vm-${at}">\n`);
    const written = Date.parse('2026-11-21T09:00:00Z') / 1000 - hoursAgo * 3600;
    utimesSync(file(at), written, written);
  };
  const vm = (at: number, fields: Record<string, string | number> = {}) =>
    aVm(at, { VMState: 'poweroff', CfgFile: file(at), ...fields });
  return { write, vm, rows: Array.from({ length: count }, (_, at) => vm(at + 1)) };
}

it('looks within one tick at a VM whose settings were written, and leaves those alone whose were not', async () => {
  const { write, vm, rows } = settled(9);
  for (let at = 1; at <= 9; at++) write(at, 2);
  const { host, seen, tick, resting } = await watching(rows);
  await resting();
  host.asked.length = 0;
  write(8, 1);
  host.put(vm(8, { memory: 4096, VMState: 'saved' }));
  await tick();
  const looked = () => host.asked.filter((asked) => asked.startsWith(ACTIONS.describe)).map((asked) => asked.at(-1));
  // One more in its turn.
  expect(looked().toSorted()).toEqual(['1', '8']);
  expect(seen.slice(1)).toEqual(expect.arrayContaining(['upsert 8 vm-8 suspended', 'heartbeat']));
  await tick();
  expect(looked().slice(2)).toEqual(['2']);
  expect(seen.at(-1)).toBe('heartbeat');
});

it.each<[string, (write: ReturnType<typeof settled>['write']) => void, object]>([
  ['is of another VM', (write) => write(6, 2, aVm(7).uuid), {}],
  ['was written a moment before it was looked at', (write) => write(6, 0), {}],
  ['is that of one that runs', (write) => write(6, 2), { VMState: 'running' }],
  ['is not there', () => undefined, {}],
])('a file that %s proves nothing: the VM is looked at in its turn', async (_, writeIt, fields) => {
  const { write, vm, rows } = settled(5);
  for (let at = 1; at <= 5; at++) write(at, 2);
  writeIt(write);
  const { host, tick, resting } = await watching([...rows, vm(6, { ...fields })]);
  await resting();
  host.asked.length = 0;
  await tick();
  expect(host.asked).toContain(`${ACTIONS.describe} 06`);
});

it('keeps a VM that cannot be read just now, says nothing of being alive, and asks the others on', async () => {
  const { host, seen, tick, resting } = await watching([aVm(1), aVm(2)]);
  await resting();
  const locked = failing(
    'VBoxManage: error: The machine is already locked\nVBoxManage: error: Details: code VBOX_E_INVALID_OBJECT_STATE (0x80bb0007), component MachineWrap',
  );
  host.replies.set(`${ACTIONS.describe} ${aVm(2).uuid}`, locked);
  await tick();
  expect(seen.slice(1)).toEqual(['upsert 1 vm-1 running']);
  host.replies.clear();
  await tick();
  expect(seen.at(-1)).toBe('heartbeat');
});

it('fault 5, fault 103: is followed where it may not be asked which run: those are then looked at in their turn', async () => {
  const { host, seen, errors, tick, resting } = await watching([aVm(1), aVm(2)], (host) =>
    host.replies.set(ACTIONS.running, failing('muster-vboxmanage: not permitted', 126)),
  );
  await resting();
  expect([seen, errors]).toEqual([['listing 2'], [ACTIONS.running]]);
  host.put(aVm(2, { VMState: 'poweroff' }));
  await tick();
  expect(seen.slice(1).toSorted()).toEqual(['heartbeat', 'upsert 1 vm-1 running', 'upsert 2 vm-2 stopped']);
});

it('fault 106: breaks where VirtualBox does, and removes nothing', async () => {
  const { host, clock, seen, failure, resting } = await watching([aVm(1)]);
  await resting();
  host.replies.set(ACTIONS.vms, failing('VBoxManage: error: Failed to create the VirtualBox object!'));
  for (let asked = 0; asked < 5 && failure() === null; asked++) {
    await expect.poll(() => failure() !== null || clock.sleeping().length > 0, WAIT).toBe(true);
    await clock.advance(TICK);
  }
  await expect.poll(() => failure(), WAIT).toMatchObject({ kind: 'network', action: ACTIONS.vms });
  expect(seen).toEqual(['listing 1']);
});

it('fault 106: asks for the machine’s own row as soon as the watch of its VMs breaks', async () => {
  const clock = new VirtualClock();
  const { host, connection, vms, machine } = await virtualBoxHere([aVm(1)], clock);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const ended = Promise.allSettled(
    [vms, machine].map((scope) => read([], [], scope, connection.watch?.(scope, { signal: stop.signal }))),
  );
  await expect.poll(() => clock.sleeping().toSorted(), WAIT).toEqual([TICK, 60_000]);
  const began = clock.monotonic();
  const down = failing('VBoxManage: error: Failed to create the VirtualBox object!');
  for (const action of [ACTIONS.vms, ACTIONS.host]) host.replies.set(action, down);
  let over = false;
  ended.then(() => {
    over = true;
  });
  // Programs are waited for, and pauses between attempts are let pass.
  while (!over) {
    await expect.poll(() => over || clock.sleeping().some((ms) => ms <= TICK), WAIT).toBe(true);
    if (!over) await clock.advance(Math.min(...clock.sleeping()));
  }
  expect(clock.monotonic() - began).toBeLessThan(10_000);
  for (const end of await ended) expect(end).toMatchObject({ status: 'rejected', reason: { kind: 'network' } });
});
