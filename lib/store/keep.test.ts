import { expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { keepKnown, recreated } from './keep.ts';

it('fault 109: keeps why a container could not be started while nobody can say, and not once it is in another state', () => {
  const before = anyResource({ nativeState: 'created', state: 'failed', stateReason: 'no such file' });
  const unreported = anyResource({ nativeState: 'created', state: 'starting', stateReason: 'created, never started' });
  expect(keepKnown(before, unreported, ['state', 'stateReason'])).toMatchObject({
    state: 'failed',
    stateReason: 'no such file',
  });
  const killed = anyResource({ nativeState: 'exited', state: 'failed', stateReason: 'exit code 137' });
  expect(keepKnown(before, killed, ['stateReason'])).toMatchObject({ stateReason: 'exit code 137' });
});

it('keeps the earlier creation where the listing could not look it up, and the rest of the row with it', () => {
  const before = anyResource({ createdAt: '2024-03-01T00:00:00.000Z', vcpus: 2 });
  const later = anyResource({ createdAt: '2026-11-01T00:00:00.000Z', vcpus: null });
  expect(keepKnown(before, later, ['createdAt', 'vcpus'])).toMatchObject({ createdAt: before.createdAt, vcpus: 2 });
  expect(keepKnown(later, before, ['createdAt'])).toMatchObject({ createdAt: before.createdAt });
  expect(keepKnown(before, later, ['vcpus'])).toMatchObject({ createdAt: later.createdAt, vcpus: null });
});

it('takes a row for another one only where it was created later', () => {
  const [old, young] = ['2024-03-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'].map((createdAt) =>
    anyResource({ createdAt }),
  );
  if (!old || !young) throw new TypeError('two rows');
  expect([recreated(old, young), recreated(young, old), recreated(old, old)]).toEqual([true, false, false]);
});
