import { expect, it, onTestFinished } from 'vitest';
import { each } from './each.ts';

it('runs no more jobs than allowed at a time and yields what is ready first', async () => {
  let running = 0;
  let most = 0;
  const gates = [1, 2, 3, 4, 5].map((item) => ({ item, ...Promise.withResolvers<void>() }));
  const results = each(gates, 2, async ({ item, promise }) => {
    most = Math.max(most, ++running);
    await promise;
    running--;
    return item;
  });
  const seen: number[] = [];
  for (const next of [2, 1, 4, 3, 5]) {
    gates[next - 1]?.resolve();
    const { value } = await results.next();
    if (value !== undefined) seen.push(value);
  }
  expect(seen).toEqual([2, 1, 4, 3, 5]);
  expect((await results.next()).done).toBe(true);
  expect(most).toBe(2);
});

it('ends with the first job that throws, and starts no more', async () => {
  const started: number[] = [];
  const results = each([1, 2, 3], 1, async (item) => {
    started.push(item);
    if (item === 2) throw new Error('two');
    return item;
  });
  await expect(Array.fromAsync(results)).rejects.toThrow('two');
  expect(started).toEqual([1, 2]);
});

it("a job that fails while its reader is busy or gone is nobody's unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const jobs = [1, 2, 3].map(() => Promise.withResolvers<number>());
  const results = each(jobs, 1, ({ promise }) => promise);
  jobs[0]?.resolve(1);
  await results.next();
  jobs[1]?.reject(new Error('two'));
  await new Promise((resolve) => setImmediate(resolve));
  await expect(results.next()).rejects.toThrow('two');
  expect(unhandled).toEqual([]);
});
