import { expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { diff } from './diff.ts';

const crashing = anyResource({
  state: 'failed',
  stateReason: 'CrashLoopBackOff',
  ready: false,
  readyReason: 'ContainersNotReady',
  lastEnd: { reason: 'Error', exitCode: 1 },
  restarts: 7,
});

it('fault 107: a row that is no longer ready has changed, and says why', () => {
  const before = { ...crashing, ready: true, readyReason: null };
  expect(diff(before, crashing)).toEqual([
    { field: 'ready', from: 'yes', to: 'no' },
    { field: 'readyReason', from: null, to: 'ContainersNotReady' },
  ]);
});

it('fault 108: one more restart changes the counter and nothing of the reason; another end of the run before is told', () => {
  expect(diff(crashing, { ...crashing, restarts: 8 })).toEqual([{ field: 'restarts', from: '7', to: '8' }]);
  const killed = { ...crashing, lastEnd: { reason: 'OOMKilled', exitCode: 137 } };
  expect(diff(crashing, killed)).toEqual([{ field: 'lastEnd', from: 'Error (1)', to: 'OOMKilled (137)' }]);
});
