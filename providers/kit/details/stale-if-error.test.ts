import { describe, expect, it } from 'vitest';
import type { JsonValue } from '#lib/model/index.ts';
import { type Cache, type Call, ProviderError } from '#providers/contract.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { silentLogger } from '#tests/support/log.ts';
import { createDetailCalls, type DetailOptions } from './stale-if-error.ts';

const MINUTE = 60_000;
const call: Call = { signal: new AbortController().signal };

type Load = (call: Call, heartbeat: () => void) => Promise<string>;

function rig(options: Partial<DetailOptions<string>> = {}, cache?: Cache) {
  const clock = new VirtualClock();
  const env = { source: 's', clock, log: silentLogger, random: () => 0.5, ...(cache ? { cache } : {}) };
  const calls = createDetailCalls(env);
  const of = (load: Load, more: Partial<DetailOptions<string>> = {}) =>
    calls.of({ call: 'x:Read', account: 'a', fields: ['vcpus'], ttlMs: 1000, ...options, ...more }, load);
  return { clock, calls, of };
}

/** Answers what the test says, in order; `=` is a good answer, anything else a kind of failure. */
function inTurn(...answers: (string | ProviderError['kind'])[]) {
  let asked = 0;
  const load: Load = async () => {
    const answer = answers[asked++] ?? 'network';
    if (answer.startsWith('=')) return answer;
    throw new ProviderError(answer as ProviderError['kind'], 'a', 'answered 500: no luck');
  };
  return { load, asked: () => asked };
}

/** Never answers; tells whether it was told to stop. */
function hanging() {
  const seen = { asked: 0, stopped: 0 };
  const load: Load = ({ signal }) => {
    seen.asked++;
    signal.addEventListener('abort', () => seen.stopped++);
    return new Promise(() => undefined);
  };
  return { load, seen };
}

/** In memory, as the store keeps it. */
function memory(kept = new Map<string, JsonValue>()): Cache & { kept: Map<string, JsonValue> } {
  return { kept, get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
}
const keep = { key: 'k', encode: (value: string) => value, decode: (kept: JsonValue) => String(kept) };

describe('a call beside a list', () => {
  it('is made once as long as its answer holds', async () => {
    const { clock, of } = rig();
    const { load, asked } = inTurn('=1', '=2');
    const detail = of(load);
    expect([await detail.ask(call), await detail.ask(call)].map(({ value }) => value)).toEqual(['=1', '=1']);
    await clock.advance(1000);
    expect([(await detail.ask(call)).value, asked()]).toEqual(['=2', 2]);
  });

  it.each([
    'network',
    'rate-limit',
    'timeout',
    'bad-reply',
    'permission',
    'unsupported',
    'disabled',
    'config',
    'auth',
  ] as const)(
    'fault 5, fault 103: that fails (%s) throws nothing, without an answer from before as well, and says what it does not tell and since when',
    async (kind) => {
      const { clock, of } = rig();
      const { load } = inTurn(kind);
      const since = new Date(clock.now()).toISOString();
      expect(await of(load).ask(call)).toEqual({
        value: null,
        error: { call: 'x:Read', fields: ['vcpus'], kind, message: 'answers 500: no luck', since },
      });
    },
  );

  it('fault 5, fault 103: serves the last good answer while it fails, and is made again by pauses of its own: 30 s, doubling to 15 min', async () => {
    const { clock, of } = rig();
    const fails = inTurn('=1');
    const detail = of(fails.load);
    await detail.ask(call);
    await clock.advance(1000);
    const at = clock.monotonic();
    const moments: number[] = [];
    let asked = fails.asked();
    // As a listing that comes every ten seconds.
    for (let i = 0; i < 300; i++) {
      expect(await detail.ask(call)).toMatchObject({ value: '=1', error: { kind: 'network' } });
      if (fails.asked() > asked) moments.push((clock.monotonic() - at) / 1000);
      asked = fails.asked();
      await clock.advance(10_000);
    }
    expect(moments).toEqual([0, 30, 90, 210, 450, 930, 1830, 2730]);
  });

  it('fault 5: is not made again for 15 minutes where it is denied', async () => {
    const { clock, of } = rig();
    const { load, asked } = inTurn('permission', '=1');
    const detail = of(load);
    await detail.ask(call);
    await clock.advance(15 * MINUTE - 1);
    expect((await detail.ask(call)).value).toBeNull();
    expect(asked()).toBe(1);
    await clock.advance(1);
    expect(await detail.ask(call)).toEqual({ value: '=1', error: null });
  });

  it('waits as long as it was asked to', async () => {
    const { clock, of } = rig();
    let asked = 0;
    const detail = of(async () => {
      asked++;
      throw new ProviderError('rate-limit', 'a', 'slow down', { retryAfterMs: 5 * MINUTE });
    });
    await detail.ask(call);
    await clock.advance(5 * MINUTE - 1);
    await detail.ask(call);
    expect(asked).toBe(1);
    await clock.advance(1);
    await detail.ask(call);
    expect(asked).toBe(2);
  });

  it('fault 5, fault 103: that hangs holds up nobody for more than 4 s, is ended after 30 s, and many of them do not add up', async () => {
    const { clock, of } = rig();
    const { load, seen } = hanging();
    const details = Array.from({ length: 40 }, () => of(load));
    const began = clock.monotonic();
    const first = await clock.run(details[0]?.ask(call) ?? Promise.reject());
    expect(clock.monotonic() - began).toBe(4000);
    expect(first).toMatchObject({ value: null, error: { kind: 'timeout', message: 'has not answered for 4 s' } });
    for (const detail of details.slice(1)) await clock.run(detail.ask(call));
    expect(clock.monotonic() - began).toBeLessThan(8_500);
    expect(seen.asked).toBe(8);
    await clock.advance(30_000);
    expect(seen.stopped).toBe(8);
    expect(await details[0]?.ask(call)).toMatchObject({ error: { message: 'gives no whole answer within 30 s' } });
  });

  it('takes an answer that came too late for one listing into the next', async () => {
    const { clock, of } = rig({ ttlMs: 0 });
    const { promise, resolve } = Promise.withResolvers<string>();
    const detail = of(() => promise);
    expect(await clock.run(detail.ask(call))).toMatchObject({ value: null, error: { kind: 'timeout' } });
    resolve('=late');
    await clock.settle();
    expect(await detail.ask(call)).toEqual({ value: '=late', error: null });
  });

  it('is waited for as long as it gets on, 20 s at most', async () => {
    const { clock, of } = rig();
    const paged =
      (pages: number): Load =>
      async ({ signal }, heartbeat) => {
        for (let i = 0; i < pages; i++) {
          await clock.sleep(3000, signal);
          heartbeat();
        }
        return '=all';
      };
    expect(await clock.run(of(paged(5)).ask(call))).toEqual({ value: '=all', error: null });
    const began = clock.monotonic();
    expect(await clock.run(of(paged(1000)).ask(call))).toMatchObject({ value: null, error: { kind: 'timeout' } });
    expect(clock.monotonic() - began).toBe(20_000);
  });

  it('fault 13: whose answer makes the code stumble is a bad reply, not the end of the listing', async () => {
    const { of } = rig();
    const detail = of(async () => JSON.parse('null').items.length);
    expect(await detail.ask(call)).toMatchObject({ value: null, error: { kind: 'bad-reply' } });
  });

  it('is made once more with a new credential where the one in use is refused', async () => {
    let renewed = 0;
    const { of } = rig({ renew: () => renewed++ });
    expect(await of(inTurn('auth', '=1').load).ask(call)).toEqual({ value: '=1', error: null });
    expect(await of(inTurn('auth', 'auth').load).ask(call)).toMatchObject({ error: { kind: 'auth' } });
    expect(renewed).toBe(2);
  });

  it('fault 100: ends the listing only for a failure that is the account’s', async () => {
    const { of } = rig({ fatal: ['config'] });
    const detail = of(inTurn('config', '=1').load);
    await expect(detail.ask(call)).rejects.toMatchObject({ kind: 'config' });
    expect((await detail.ask(call)).value).toBe('=1');
  });

  it('is made once for two that want it together; the abort of one is not the other’s, that of both ends it', async () => {
    const { clock, of } = rig();
    const { promise, resolve } = Promise.withResolvers<string>();
    const seen = { asked: 0, stopped: 0 };
    const detail = of(({ signal }) => {
      seen.asked++;
      signal.addEventListener('abort', () => seen.stopped++);
      return promise;
    });
    const stop = new AbortController();
    const aborted = detail.ask({ signal: stop.signal });
    const other = detail.ask(call);
    await clock.settle();
    stop.abort(new Error('stop'));
    await expect(aborted).rejects.toThrow('stop');
    resolve('=1');
    expect(await other).toEqual({ value: '=1', error: null });
    expect(seen).toEqual({ asked: 1, stopped: 0 });

    const { load, seen: hung } = hanging();
    const alone = new AbortController();
    const left = of(load).ask({ signal: alone.signal });
    await clock.settle();
    alone.abort(new Error('stop'));
    await expect(left).rejects.toThrow('stop');
    expect(hung.stopped).toBe(1);
  });

  it('fault 5, fault 103: serves what an earlier process was told where its first try fails', async () => {
    const cache = memory();
    await rig({ keep }, cache).of(inTurn('=1').load).ask(call);
    expect(cache.kept).toEqual(new Map([['k', '=1']]));
    const detail = rig({ keep }, cache).of(inTurn('network').load);
    expect(await detail.ask(call)).toMatchObject({ value: '=1', error: { kind: 'network' } });
  });

  it('does without what was kept where the store fails', async () => {
    const broken: Cache = {
      get: () => Promise.reject(new Error('disk')),
      set: () => Promise.reject(new Error('disk')),
    };
    expect(await rig({ keep }, broken).of(inTurn('network').load).ask(call)).toMatchObject({ value: null });
    expect(await rig({ keep }, broken).of(inTurn('=1').load).ask(call)).toEqual({ value: '=1', error: null });
  });

  it('is made in the background where somebody wants it mended', async () => {
    const { clock, of } = rig({ ttlMs: 0 });
    const { load, asked } = inTurn('network', 'network', '=1');
    const detail = of(load);
    await detail.ask(call);
    for (const [ms, count] of [
      [29_000, 1],
      [1_000, 2],
      [59_000, 2],
      [1_000, 3],
    ] as const) {
      await clock.advance(ms);
      expect(await detail.mend()).toBe(count === 3);
      expect(asked()).toBe(count);
    }
    expect(detail.error).toBeNull();
    expect(await detail.ask(call)).toEqual({ value: '=1', error: null });
    expect(asked()).toBe(3);
  });

  it('is ended with its connection', async () => {
    const { clock, calls, of } = rig();
    const { load, seen } = hanging();
    await clock.run(of(load).ask(call));
    expect(seen.stopped).toBe(0);
    calls.close();
    expect(seen.stopped).toBe(1);
  });
});

describe('a call for one row', () => {
  it('fault 5, fault 103: is given up after the patience of its account, and returns what it threw', async () => {
    const { clock, calls } = rig();
    const began = clock.monotonic();
    const hung = await clock.run(calls.attempt('a', call, () => new Promise(() => undefined)));
    expect(hung).toMatchObject({ kind: 'timeout' });
    expect(clock.monotonic() - began).toBe(4000);
    await clock.run(calls.attempt('a', call, () => new Promise(() => undefined)));
    expect(clock.monotonic() - began).toBe(5000);
    expect(await calls.attempt('a', call, async () => 'x')).toEqual({ value: 'x' });
    expect(await calls.attempt('a', call, async () => JSON.parse('{'))).toMatchObject({ kind: 'bad-reply' });
  });
});
