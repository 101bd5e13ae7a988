import { expect, test } from 'vitest';
import { labelOf } from './fields.ts';

test('a changed field has its label, whatever the model calls it', () => {
  expect(labelOf('vcpus')).toBe('vCPU');
  expect(labelOf('nativeState')).toBe('Native state');
  expect(labelOf('stateReason')).toBe('State reason');
  expect(labelOf('readyReason')).toBe('Not ready because');
  expect(labelOf('lastEnd')).toBe('Last end');
  expect(labelOf('hostedBy')).toBe('Runs on');
  expect(labelOf('tag.team')).toBe('team');
  expect(labelOf('somethingNew')).toBe('somethingNew');
});
