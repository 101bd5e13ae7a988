import { describe, expect, it } from 'vitest';
import { testClock } from '#tests/fakes/clock.ts';
import { ProviderError } from '../contract.ts';
import { retry } from './retry.ts';

const call = { signal: new AbortController().signal };

/** An attempt that fails with these kinds in turn, then answers. */
function failing(...errors: ProviderError[]) {
  let made = 0;
  const attempt = async () => {
    const error = errors[made++];
    if (error) throw error;
    return 'answer';
  };
  return { attempt, made: () => made };
}
const error = (kind: ProviderError['kind'], retryAfterMs?: number) =>
  new ProviderError(kind, 'here', 'x', retryAfterMs === undefined ? {} : { retryAfterMs });

describe('retry', () => {
  const env = () => ({ clock: testClock(), random: () => 0.5 });

  it('fault 1: waits no shorter than it was asked to', async () => {
    const at = env();
    const { attempt, made } = failing(error('rate-limit', 7000), error('rate-limit'));
    expect(await retry(at, call, attempt)).toBe('answer');
    expect(made()).toBe(3);
    expect(at.clock.sleeps).toEqual([7000, 1000]);
  });

  it.each(['network', 'timeout', 'rate-limit'] as const)('gives %s three attempts', async (kind) => {
    const { attempt, made } = failing(error(kind), error(kind), error(kind));
    await expect(retry(env(), call, attempt)).rejects.toMatchObject({ kind });
    expect(made()).toBe(3);
  });

  it.each(['auth', 'permission', 'bad-reply', 'config', 'unsupported'] as const)(
    'gives %s one attempt',
    async (kind) => {
      const { attempt, made } = failing(error(kind));
      await expect(retry(env(), call, attempt)).rejects.toMatchObject({ kind });
      expect(made()).toBe(1);
    },
  );

  it('does not wait longer than is worth it', async () => {
    const at = env();
    const { attempt } = failing(error('rate-limit', 3_600_000));
    await expect(retry(at, call, attempt)).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    expect(at.clock.sleeps).toEqual([]);
  });

  it('does not try again what is a mistake of ours', async () => {
    let made = 0;
    const attempt = async () => {
      made++;
      throw new TypeError('x');
    };
    await expect(retry(env(), call, attempt)).rejects.toThrow(TypeError);
    expect(made).toBe(1);
  });

  it('fault 31: ends with the reason of the signal, whatever the attempt threw', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const attempt = async () => {
      stop.abort(reason);
      throw error('network');
    };
    await expect(retry(env(), { signal: stop.signal }, attempt)).rejects.toBe(reason);
  });
});
