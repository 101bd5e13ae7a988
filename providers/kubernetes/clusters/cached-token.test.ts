import { expect, it } from 'vitest';
import { testClock } from '#tests/fakes/clock.ts';
import { cachedToken } from './cached-token.ts';

it('goes on for the clusters that wait when the one that asked first must make way', async () => {
  const made = Promise.withResolvers<{ token: string; expiresAt: number }>();
  const { token } = cachedToken(testClock(), ({ signal }) => {
    signal.addEventListener('abort', () => made.reject(signal.reason));
    return made.promise;
  });
  const preempted = new AbortController();
  const first = token(preempted);
  const second = token(new AbortController());
  preempted.abort(new Error('preempted'));
  await expect(first).rejects.toThrow('preempted');
  made.resolve({ token: 'good', expiresAt: Number.POSITIVE_INFINITY });
  expect(await second).toBe('good');
});
