import { expect, test } from 'vitest';
import { shortIdentity } from './neighbours.ts';

test('a node is said without its cluster and a hypervisor without its system, anything else whole', () => {
  expect(shortIdentity({ type: 'node', value: 'cluster-1/ip-10-0-0-1' })).toBe('ip-10-0-0-1');
  expect(shortIdentity({ type: 'host', value: 'libvirt/4aa4' })).toBe('4aa4');
  expect(shortIdentity({ type: 'provider-id', value: 'eu-central-1b/i-0abc' })).toBe('eu-central-1b/i-0abc');
});
