import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { denied, FakeCloud, rowOf, rowsOf, throttled, unreachable } from '#tests/support/fake-cloud.ts';
import { Stream } from '#tests/support/stream.ts';
import { SyncBench } from '#tests/support/sync-bench.ts';

let bench: SyncBench;
let cloud: FakeCloud;
let stream: Stream;
let scope: Scope;
beforeEach(() => {
  bench = new SyncBench();
  cloud = new FakeCloud(bench.clock, 'cluster');
  stream = new Stream();
  cloud.watching = stream.watch;
  scope = cloud.scope('*');
});
afterEach(() => bench.remove());

async function listedWith(...names: string[]): Promise<void> {
  stream.listing(rowsOf(scope, names));
  await bench.start([cloud]);
  await bench.clock.advance(1_000);
}
/** The system is gone for so many seconds: every session fails at once. */
async function gone(seconds: number, error = unreachable): Promise<void> {
  stream.dead = error;
  await bench.clock.advance(seconds * 1000);
}

test('fault 106: a watch that breaks is told at once as a connection that is lost since then, and its rows stay', async () => {
  await listedWith('a', 'b');
  const at = new Date(bench.clock.now()).toISOString();
  stream.fail(unreachable());
  await bench.clock.settle();
  expect(await bench.status(scope)).toMatchObject({
    state: 'reconnecting',
    watched: false,
    since: at,
    reason: {
      kind: 'network',
      message: `connection lost since ${at}, trying again: 111111111111: connection reset`,
    },
  });
  expect(await bench.names(scope)).toEqual(['a', 'b']);
});

test.each([
  ['network', unreachable],
  ['timeout', () => new ProviderError('timeout', 'cluster', 'said nothing for 150 s')],
  ['bad-reply', () => new ProviderError('bad-reply', 'cluster', 'closed the watch in the middle of an event')],
])(
  'fault 106: a connection that broke by %s is lost for a minute, then its system is unreachable, since when is still told',
  async (kind, error) => {
    await listedWith('a');
    const at = new Date(bench.clock.now()).toISOString();
    stream.fail(error());
    await gone(55, error);
    expect(await bench.state(scope)).toBe(`reconnecting: ${kind}`);
    expect((await bench.status(scope)).since).toBe(at);
    await gone(10, error);
    expect(await bench.state(scope)).toBe(`unreachable: ${kind}`);
    expect((await bench.status(scope)).reason?.message).toContain(`connection lost since ${at}, trying again: `);
    expect(await bench.names(scope)).toEqual(['a']);
  },
);

test.each([2, 30, 70, 300, 590])(
  'fault 106: whatever comes back after %i seconds is found within three, in the middle of a pause too',
  async (seconds) => {
    await listedWith('a');
    stream.fail(unreachable());
    await gone(seconds);
    stream.dead = null;
    stream.listing(rowsOf(scope, ['b']));
    await bench.clock.advance(3_000);
    expect(await bench.state(scope)).toBe('fresh');
    expect(await bench.names(scope)).toEqual(['b']);
  },
);

test('fault 106: after ten minutes it is looked for twice a minute', async () => {
  await listedWith('a');
  stream.fail(unreachable());
  await gone(900);
  const sessions = stream.sessions;
  await gone(300);
  expect(stream.sessions - sessions).toBeGreaterThanOrEqual(8);
  expect(stream.sessions - sessions).toBeLessThanOrEqual(12);
});

test.each(['heartbeat', 'upsert'] as const)(
  'fault 106: a stream that is taken up where it broke needs no listing: it is fresh by %s',
  async (life) => {
    await listedWith('a');
    stream.fail(unreachable());
    await gone(20);
    stream.dead = null;
    if (life === 'heartbeat') stream.heartbeat();
    else stream.upsert(rowOf(scope, 'b'));
    await bench.clock.advance(3_000);
    expect(await bench.state(scope)).toBe('fresh');
    expect(stream.resumed).toBe(true);
  },
);

test('fault 106: a sign of life that is followed at once by a new list proves nothing until that list is read', async () => {
  await listedWith('a');
  stream.fail(unreachable());
  await gone(10);
  stream.dead = null;
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.heartbeat();
  stream.events({
    type: 'listing',
    batches: (async function* () {
      await promise;
      yield { resources: rowsOf(scope, ['b']), unreadable: [] };
    })(),
  });
  await bench.clock.advance(10_000);
  expect(await bench.state(scope)).toBe('reconnecting: network');
  resolve();
  await bench.clock.advance(1_000);
  expect(await bench.state(scope)).toBe('fresh');
  expect(await bench.names(scope)).toEqual(['b']);
});

test('fault 106: nothing is taken up where rows are missing: behind a listing that broke off and in a new process all is listed', async () => {
  await listedWith('a');
  expect(stream.resumed).toBe(false);
  stream.brokenListing(unreachable(), rowsOf(scope, ['b']));
  await bench.clock.advance(3_000);
  expect(stream.sessions).toBe(2);
  expect(stream.resumed).toBe(false);
  stream.listing(rowsOf(scope, ['b']));
  await bench.clock.advance(1_000);
  expect(await bench.state(scope)).toBe('fresh');
  await bench.stop();
  await bench.start([cloud]);
  await bench.clock.advance(1_000);
  expect(stream.sessions).toBe(3);
  expect(stream.resumed).toBe(false);
});

test('fault 106: a list that finds nobody behind a break keeps its words, and since when', async () => {
  await listedWith('a');
  const at = new Date(bench.clock.now()).toISOString();
  stream.fail(unreachable());
  for (let n = 0; n < 5; n++) {
    stream.brokenListing(unreachable());
    await bench.clock.advance(3_000);
    expect(await bench.status(scope)).toMatchObject({ state: 'reconnecting', since: at });
  }
});

test('fault 106: what was never read is no lost connection: it is unreachable at once, and found soon after it begins', async () => {
  await gone(0);
  await bench.start([cloud]);
  await gone(120);
  expect(await bench.status(scope)).toMatchObject({
    state: 'unreachable',
    reason: { message: '111111111111: connection reset' },
  });
  stream.dead = null;
  stream.listing(rowsOf(scope, ['a']));
  await bench.clock.advance(3_000);
  expect(await bench.state(scope)).toBe('fresh');
});

test('fault 106: a throttled or denied stream is no lost one, and keeps its own pauses', async () => {
  await listedWith('a');
  stream.fail(throttled(20_000));
  await bench.clock.advance(19_000);
  expect(await bench.state(scope)).toBe('throttled: rate-limit');
  expect(stream.sessions).toBe(1);
  stream.fail(denied());
  await bench.clock.advance(10_000);
  expect(await bench.state(scope)).toBe('denied: permission');
});

test('fault 106: a system that refuses for seconds after it is back does not have to wait for the pause of a refusal', async () => {
  await listedWith('a');
  stream.fail(unreachable());
  await gone(30);
  await gone(3, denied);
  expect(await bench.state(scope)).toBe('denied: permission');
  stream.dead = null;
  stream.heartbeat();
  await bench.clock.advance(3_000);
  expect(await bench.state(scope)).toBe('fresh');
});

test('fault 106: a proxy that knows no such path while its system is gone does not end the watch for good', async () => {
  await listedWith('a');
  stream.heartbeat();
  await bench.clock.settle();
  await gone(10, () => new ProviderError('unsupported', 'cluster', 'answered 404'));
  stream.fail(unreachable());
  await gone(10, () => new ProviderError('unsupported', 'cluster', 'answered 404'));
  expect(await bench.state(scope)).toBe('reconnecting: unsupported');
  stream.dead = null;
  stream.listing(rowsOf(scope, ['a']));
  await bench.clock.advance(3_000);
  expect(await bench.state(scope)).toBe('fresh');
  expect(cloud.lists).toEqual([]);
});

test('fault 106: a thousand that are gone are tried fifty times a second at most, and one of them is told and logged once', async () => {
  const many = new FakeCloud(bench.clock, 'many');
  let sessions = 0;
  many.watching = () => {
    sessions++;
    return (async function* () {
      yield* [];
      throw unreachable();
    })();
  };
  for (let n = 0; n < 1000; n++) many.scope(`r${n}`);
  await bench.start([many]);
  await bench.clock.advance(60_000);
  const before = sessions;
  await bench.clock.advance(60_000);
  expect(sessions - before).toBeLessThanOrEqual(60 * 56);
  expect(sessions - before).toBeGreaterThan(2000);
  const loud = bench.events('watch.failed').filter(({ level }) => level === 'warn');
  expect(loud).toHaveLength(1000);
});

describe('fault 106: a source that cannot be discovered since its system is down', () => {
  const down = async function* () {
    yield* [];
    throw unreachable();
  };

  test('is found soon after it begins, where it is one that streams', async () => {
    cloud.discovering = down;
    await bench.start([cloud]);
    await bench.minutes(4);
    cloud.discovering = null;
    stream.listing(rowsOf(scope, ['a']));
    await bench.clock.advance(4_000);
    expect(await bench.state(scope)).toBe('fresh');
  });

  test('is asked as rarely as before where it does not: its discovery may be many calls', async () => {
    cloud.watching = null;
    cloud.discovering = down;
    await bench.start([cloud]);
    await bench.minutes(10);
    expect(cloud.discoveries.length).toBeLessThan(10);
  });
});
