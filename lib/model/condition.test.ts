import { expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { conditionText, endText, readinessOf } from './condition.ts';
import type { Resource } from './resource.ts';

const oom = { reason: 'OOMKilled', exitCode: 137 };

it.each<[Partial<Resource>, string | null]>([
  [
    {
      state: 'failed',
      stateReason: 'CrashLoopBackOff',
      ready: false,
      readyReason: 'ContainersNotReady',
      lastEnd: oom,
      restarts: 7,
    },
    'CrashLoopBackOff, last OOMKilled (137), 7 restarts',
  ],
  [{ state: 'running', ready: true, lastEnd: oom, restarts: 1 }, 'last OOMKilled (137), 1 restart'],
  [{ state: 'running', ready: false, readyReason: 'unhealthy' }, 'unhealthy'],
  [{ state: 'running', ready: false }, 'not ready'],
  [{ state: 'running', ready: false, readyReason: 'a', stateReason: 'b' }, 'a, b'],
  [{ state: 'failed', stateReason: 'Error (DeadlineExceeded)', restarts: 0 }, 'Error (DeadlineExceeded)'],
  [{ state: 'running' }, null],
])('fault 108: %j in one line', (fields, text) => {
  expect(conditionText(anyResource({ stateReason: null, restarts: null, ...fields }))).toBe(text);
});

it('an end without an exit code is its word', () => {
  expect(endText({ reason: 'Signal:9', exitCode: null })).toBe('Signal:9');
  expect([true, false, null].map(readinessOf)).toEqual(['yes', 'no', null]);
});
