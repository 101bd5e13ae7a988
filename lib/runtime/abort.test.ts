import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { abortable } from './abort.ts';

test('settles as the promise does, and leaves no listener behind', async () => {
  const { signal } = new AbortController();
  await expect(abortable(Promise.resolve(1), signal)).resolves.toBe(1);
  await expect(abortable(Promise.reject(new Error('refused')), signal)).rejects.toThrow('refused');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test("rejects with the signal's reason at once, whatever the promise waits for", async () => {
  const stop = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const raced = abortable(promise, stop.signal);
  stop.abort(new Error('left'));
  await expect(raced).rejects.toThrow('left');
  // A late rejection is handled: an unhandled one would fail this run.
  reject(new Error('late'));
});

test('rejects where the signal has aborted before', async () => {
  await expect(abortable(Promise.resolve(1), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
