import { expect, it } from 'vitest';
import type { Call } from '#providers/contract.ts';
import { singleFlight } from './single-flight.ts';

function rig() {
  const jobs: { call: Call; done: PromiseWithResolvers<number> }[] = [];
  const ask = singleFlight((call) => {
    const done = Promise.withResolvers<number>();
    call.signal.addEventListener('abort', () => done.reject(call.signal.reason));
    jobs.push({ call, done });
    return done.promise;
  });
  return { jobs, ask };
}
const { signal } = new AbortController();

it('does the job once for all who ask at a time, and anew for who asks later', async () => {
  const { jobs, ask } = rig();
  const both = [ask({ signal }), ask({ signal })];
  jobs[0]?.done.resolve(1);
  expect(await Promise.all(both)).toEqual([1, 1]);
  const later = ask({ signal });
  jobs[1]?.done.resolve(2);
  expect(await later).toBe(2);
});

it('goes on for the others when the first who asked stops, and stops with the last', async () => {
  const { jobs, ask } = rig();
  const [first, second] = [new AbortController(), new AbortController()];
  const one = ask(first);
  const two = ask(second);
  first.abort(new Error('first'));
  await expect(one).rejects.toThrow('first');
  expect(jobs[0]?.call.signal.aborted).toBe(false);
  second.abort(new Error('second'));
  await expect(two).rejects.toThrow('second');
  expect(jobs[0]?.call.signal.aborted).toBe(true);
  const third = ask({ signal });
  jobs[1]?.done.resolve(3);
  expect(await third).toBe(3);
});

it('tells all of them why the job failed, and tries again for the next', async () => {
  const { jobs, ask } = rig();
  const both = [ask({ signal }), ask({ signal })];
  jobs[0]?.done.reject(new Error('refused'));
  for (const each of both) await expect(each).rejects.toThrow('refused');
  const later = ask({ signal });
  jobs[1]?.done.resolve(1);
  expect(await later).toBe(1);
});
