import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { OTHER_DATE, OTHER_ZONE } from '#scripts/test-run/other-date.ts';

// Runs with the suites that `npm test` runs at the other date, in the same run: what holds here holds there.
const HALF_A_DAY = 12 * 3_600_000;

/** A moment of this run, whenever it began: the date moves on while it runs. */
function expectOtherDate(epochMs: number): void {
  expect(epochMs).toBeGreaterThanOrEqual(OTHER_DATE);
  expect(epochMs).toBeLessThan(OTHER_DATE + HALF_A_DAY);
}

test('fault 101: this run is at the other date, in its zone', () => {
  expectOtherDate(Date.now());
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(OTHER_ZONE);
  expect(new Date().getTimezoneOffset()).toBe(-13 * 60);
});

test('so are its threads and the processes that it starts', async () => {
  const thread = new Worker("require('node:worker_threads').parentPort.postMessage(Date.now())", { eval: true });
  expectOtherDate(await new Promise<number>((resolve, reject) => thread.on('message', resolve).on('error', reject)));
  const output = execFileSync(process.execPath, ['-p', 'Date.now() + " " + new Date().getTimezoneOffset()'], {
    encoding: 'utf8',
  });
  const [now, offset] = output.split(' ').map(Number);
  expectOtherDate(now ?? 0);
  expect(offset).toBe(-13 * 60);
});
