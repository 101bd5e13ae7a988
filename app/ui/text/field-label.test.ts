import { expect, test } from 'vitest';
import { fieldLabel } from './field-label.ts';

test('a changed field has its label, whatever the model calls it', () => {
  expect(fieldLabel('vcpus')).toBe('vCPU');
  expect(fieldLabel('nativeState')).toBe('Native state');
  expect(fieldLabel('stateReason')).toBe('State reason');
  expect(fieldLabel('readyReason')).toBe('Not ready because');
  expect(fieldLabel('lastEnd')).toBe('Last end');
  expect(fieldLabel('hostedBy')).toBe('Runs on');
  expect(fieldLabel('tag.team')).toBe('team');
  expect(fieldLabel('somethingNew')).toBe('somethingNew');
});
