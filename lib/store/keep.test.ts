import { expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { keepKnown } from './keep.ts';

it('fault 109: keeps why a container could not be started while nobody can say, and not once it is in another state', () => {
  const before = anyResource({ nativeState: 'created', state: 'failed', stateReason: 'no such file' });
  const unsaid = anyResource({ nativeState: 'created', state: 'starting', stateReason: 'created, never started' });
  expect(keepKnown(before, unsaid, ['state', 'stateReason'])).toMatchObject({
    state: 'failed',
    stateReason: 'no such file',
  });
  const killed = anyResource({ nativeState: 'exited', state: 'failed', stateReason: 'exit code 137' });
  expect(keepKnown(before, killed, ['stateReason'])).toMatchObject({ stateReason: 'exit code 137' });
});
