import { describe, expect, it } from 'vitest';
import { testClock } from '#tests/fakes/clock.ts';
import { type Logger, ProviderError } from '../contract.ts';
import { lastGood } from './last-good.ts';

const log: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const call = { signal: new AbortController().signal };

/** A detail whose answers the test gives, in order. */
function detail(...answers: (string | ProviderError['kind'])[]) {
  const clock = testClock();
  let asked = 0;
  const get = lastGood({ clock, log, action: 'x:Read', account: 'a', ttlMs: 1000 }, async () => {
    const answer = answers[asked++] ?? 'network';
    if (answer.startsWith('=')) return answer;
    throw new ProviderError(answer as ProviderError['kind'], 'a', 'failed');
  });
  return { clock, get: () => get(call), asked: () => asked };
}

describe('lastGood', () => {
  it('asks once as long as the answer holds', async () => {
    const { clock, get, asked } = detail('=1', '=2');
    expect([await get(), await get()]).toEqual(['=1', '=1']);
    clock.advance(1000);
    expect([await get(), asked()]).toEqual(['=2', 2]);
  });

  it('fault 5: goes on with the last good answer when a newer one is denied or fails', async () => {
    const { clock, get } = detail('=1', 'network', 'permission', '=2');
    await get();
    clock.advance(1000);
    expect([await get(), await get()]).toEqual(['=1', '=1']);
    clock.advance(15 * 60_000);
    expect(await get()).toBe('=2');
  });

  it('fault 5: is unknown, not an error, where it was always denied, and is not asked for again at once', async () => {
    const { get, asked } = detail('permission', '=1');
    expect([await get(), await get(), asked()]).toEqual([null, null, 1]);
  });

  it('throws a passing failure where there is no answer yet', async () => {
    const { get } = detail('rate-limit');
    await expect(get()).rejects.toMatchObject({ kind: 'rate-limit' });
  });

  it.each(['config', 'auth'] as const)('never covers up %s', async (kind) => {
    const { clock, get } = detail('=1', kind);
    await get();
    clock.advance(1000);
    await expect(get()).rejects.toMatchObject({ kind });
  });

  it('asks once for two that want it together; the abort of one is not the other’s', async () => {
    const clock = testClock();
    const first = new AbortController();
    let asked = 0;
    const get = lastGood({ clock, log, action: 'x:Read', account: 'a', ttlMs: 1000 }, async ({ signal }) => {
      asked++;
      await Promise.resolve();
      signal.throwIfAborted();
      return 'answer';
    });
    expect(await Promise.all([get(call), get(call)])).toEqual(['answer', 'answer']);
    expect(asked).toBe(1);
    clock.advance(1000);
    const aborted = get({ signal: first.signal });
    const other = get(call);
    first.abort(new Error('stop'));
    await expect(aborted).rejects.toThrow('stop');
    expect(await other).toBe('answer');
  });
});
