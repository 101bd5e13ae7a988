import { expect, it, onTestFinished } from 'vitest';
import type { Resource, Scope } from '#lib/model/index.ts';
import { FAKE_VIRSH, refused } from '#tests/fakes/libvirt.ts';
import { aDomain, HOST_UUID, LibvirtHost } from '#tests/fakes/libvirt-host.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { listed, openLibvirt, scopesOf } from '#tests/support/libvirt/libvirt.ts';

const SETTLE = 250;
const WAIT = { timeout: 10_000, interval: 5 };

interface Watched {
  host: LibvirtHost;
  clock: VirtualClock;
  /** `listing 3`, `upsert <object id> <state>`, `gone <object id>`, `heartbeat`. */
  seen: string[];
  failure(): unknown;
  stop(): void;
  /** Waits, without time passing, until so many things were seen in all. */
  until(count: number): Promise<void>;
  /** Waits for an event to arrive, and for the moment that is given to others. */
  settle(): Promise<void>;
}

async function watching(
  rows = [
    aDomain(1),
    aDomain(2, { state: 'paused', reason: 'user' }),
    aDomain(3, { state: 'shut off', reason: 'destroyed' }),
  ],
  part: 'host' | 'domains' = 'domains',
  prepare: (host: LibvirtHost) => void = () => undefined,
): Promise<Watched> {
  const host = await LibvirtHost.start(rows);
  onTestFinished(() => host.close());
  prepare(host);
  const clock = new VirtualClock();
  const connection = await openLibvirt({ uri: host.uri, virsh: FAKE_VIRSH }, clock);
  const scope = (await scopesOf(connection))[part];
  host.started.length = 0;
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: string[] = [];
  let failure: unknown = null;
  read(seen, scope, connection.watch?.(scope, { signal: stop.signal })).catch((error: unknown) => {
    failure = error;
  });
  return {
    host,
    clock,
    seen,
    failure: () => failure,
    stop: () => stop.abort(new Error('stopped')),
    until: (count) => expect.poll(() => seen.length, WAIT).toBeGreaterThanOrEqual(count),
    async settle() {
      await expect.poll(() => clock.sleeping()[0], WAIT).toBe(SETTLE);
      await clock.advance(SETTLE);
    },
  };
}

async function read(
  seen: string[],
  scope: Scope,
  events: ReturnType<NonNullable<Awaited<ReturnType<typeof openLibvirt>>['watch']>> | undefined,
) {
  for await (const event of events ?? []) {
    if (event.type === 'heartbeat') seen.push('heartbeat');
    else if (event.type === 'listing') {
      const listing = await listed(event.batches, scope);
      seen.push(`listing ${listing.complete ? listing.resources.size : listing.reason.kind}`);
    } else if (event.resources.length === 0) seen.push(`gone ${event.objectId.at(-1)}`);
    else seen.push(...event.resources.map((row: Resource) => `upsert ${row.objectId.at(-1)} ${row.state}`));
  }
}

it('subscribes, then lists, then reads again whom an event names', async () => {
  const { host, seen, until, settle } = await watching();
  await until(1);
  expect(host.started).toEqual(['event', 'list', 'describe']);
  host.put(aDomain(3));
  host.emit('domain-3');
  await settle();
  await until(2);
  expect(seen).toEqual(['listing 3', 'upsert 3 running']);
  expect(host.described).toEqual([3, 1]);
});

it('reads a domain once for all events of one change', async () => {
  const { host, seen, until, settle } = await watching();
  await until(1);
  host.put(aDomain(2));
  const line = (name: string, what: string) =>
    `2026-11-21 09:00:00.000+0000: event 'lifecycle' for domain '${name}': ${what}\n`;
  // At once, as they come from one pipe.
  const changes = ['Resumed Unpaused', 'Started Booted', 'Resumed Unpaused'].map((what) => line('domain-2', what));
  host.print([...changes, line('domain-1', 'Defined Updated')].join(''));
  await settle();
  await until(3);
  expect(seen.toSorted()).toEqual(['listing 3', 'upsert 1 running', 'upsert 2 running']);
  expect(host.described).toEqual([3, 2]);
});

it('takes a domain that was undefined away, and no other', async () => {
  const { host, seen, until, settle } = await watching();
  await until(1);
  host.rows = host.rows.filter(({ uuid }) => !uuid.endsWith('3'));
  host.emit('domain-3', 'Undefined Removed');
  await settle();
  await until(2);
  expect(seen).toEqual(['listing 3', 'gone 3']);
});

it('lists anew for a name that it does not know: a new domain, a new name', async () => {
  const { host, clock, seen, until, settle } = await watching();
  await until(1);
  host.put(aDomain(4));
  host.emit('domain-4', 'Defined Added');
  await settle();
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(5000 - SETTLE);
  await clock.advance(5000);
  await until(2);
  expect(seen).toEqual(['listing 3', 'listing 4']);
});

it('lists anew when a line is none that virsh writes', async () => {
  const { host, clock, seen, until } = await watching();
  await until(1);
  host.print('half a line, and then\n');
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(5000);
  await clock.advance(5000);
  await until(2);
  expect(seen).toEqual(['listing 3', 'listing 3']);
});

it('finds by itself what no event told, and says otherwise that all is as it was', async () => {
  const { host, clock, seen, until } = await watching();
  await until(1);
  host.put(aDomain(1, { state: 'crashed', reason: 'panicked' }));
  host.rows = host.rows.filter(({ uuid }) => !uuid.endsWith('2'));
  host.put(aDomain(5));
  await clock.advance(10_000);
  await until(4);
  expect(seen.slice(1).toSorted()).toEqual(['gone 2', 'upsert 1 failed', 'upsert 5 running']);
  await expect.poll(() => clock.sleeping().length, WAIT).toBe(1);
  await clock.advance(60_000);
  await until(5);
  expect(seen.at(-1)).toBe('heartbeat');
});

it('lists anew when the process that waits for events ends', async () => {
  const { host, clock, seen, until } = await watching();
  await until(1);
  host.endEvents();
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(5000);
  await clock.advance(5000);
  await until(2);
  expect(seen).toEqual(['listing 3', 'listing 3']);
  expect(host.started.filter((what) => what === 'event').length).toBe(2);
});

it('lists in place of describing very many one by one', async () => {
  const rows = Array.from({ length: 250 }, (_, at) => aDomain(at));
  const { host, clock, seen, until, settle } = await watching(rows);
  await until(1);
  host.print(rows.map((_, at) => `2026-11-21 09:00:00.000+0000: event 'reboot' for domain 'domain-${at}'\n`).join(''));
  await settle();
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(5000 - SETTLE);
  await clock.advance(5000);
  await until(2);
  expect(seen).toEqual(['listing 250', 'listing 250']);
  expect(host.described).toEqual([250, 250]);
});

it('asks once a minute where the driver has no events, without a process that waits', async () => {
  const { host, clock, seen, until } = await watching(undefined, 'domains', (fake) => {
    fake.refuseEvents = refused(
      'this function is not supported by the connection driver: virConnectDomainEventRegisterAny',
    );
  });
  await until(1);
  // It is told before or after the first listing: then everything is listed once more.
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(5000);
  await clock.advance(5000);
  await until(2);
  host.put(aDomain(3));
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(60_000);
  await clock.advance(60_000);
  await until(3);
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(60_000);
  await clock.advance(60_000);
  await until(4);
  expect(seen).toEqual(['listing 3', 'listing 3', 'upsert 3 running', 'heartbeat']);
  // With and without -r.
  expect(host.started.filter((what) => what === 'event').length).toBe(1);
});

it('ends its process when it is told to stop', async () => {
  const { host, until, stop, failure } = await watching();
  await until(1);
  expect(host.listening).toBe(1);
  stop();
  await expect.poll(() => host.listening, WAIT).toBe(0);
  await expect.poll(failure, WAIT).toMatchObject({ message: 'stopped' });
});

it('fault 100: stops when another hypervisor answers, and writes nothing of it', async () => {
  const { host, clock, seen, until, failure } = await watching();
  await until(1);
  host.capabilities = host.capabilities.replace(HOST_UUID, '99999999-2222-4333-8444-555555555555');
  host.rows = [];
  await clock.advance(10_000);
  await expect.poll(failure, WAIT).toMatchObject({ kind: 'config' });
  expect(seen).toEqual(['listing 3']);
});

it('watches a hypervisor by asking once a minute', async () => {
  const { host, clock, seen, until } = await watching([], 'host');
  await until(1);
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(60_000);
  await clock.advance(60_000);
  await until(2);
  host.nodeinfo = host.nodeinfo.replace('16777216', '33554432');
  await expect.poll(() => clock.sleeping()[0], WAIT).toBe(60_000);
  await clock.advance(60_000);
  await until(3);
  expect(seen).toEqual(['listing 1', 'heartbeat', 'upsert 5 running']);
});

it('fault 106: a daemon that is killed is told at once, from the events that it broke off', async () => {
  const { host, clock, seen, until, failure } = await watching();
  await until(1);
  const before = clock.monotonic();
  host.kill();
  await expect.poll(failure, WAIT).toMatchObject({ kind: 'network' });
  expect(clock.monotonic()).toBe(before);
  expect(seen).toEqual(['listing 3']);
});

it("fault 106: the hypervisor's own row is asked for as soon as the events of its domains break off", async () => {
  const host = await LibvirtHost.start([aDomain(1)]);
  onTestFinished(() => host.close());
  const clock = new VirtualClock();
  const connection = await openLibvirt({ uri: host.uri, virsh: FAKE_VIRSH }, clock);
  const scopes = await scopesOf(connection);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const seen: string[] = [];
  const failures: unknown[] = [];
  const failed = (error: unknown) => void failures.push(error);
  for (const part of ['domains', 'host'] as const)
    read(seen, scopes[part], connection.watch?.(scopes[part], { signal: stop.signal })).catch(failed);
  await expect.poll(() => seen.length, WAIT).toBe(2);
  await expect.poll(() => clock.sleeping(), WAIT).toContain(60_000);
  host.kill();
  // Three tries, as for every call.
  const waits = () => failures.length === 2 || (clock.sleeping()[0] ?? 60_000) < 1000;
  while (failures.length < 2) {
    await expect.poll(waits, WAIT).toBe(true);
    if (failures.length < 2) await clock.advance(clock.sleeping()[0] ?? 0);
  }
  expect(failures).toEqual([
    expect.objectContaining({ kind: 'network' }),
    expect.objectContaining({ kind: 'network' }),
  ]);
  expect(clock.monotonic()).toBeLessThan(5000);
});
