import { expect, test } from 'vitest';
import { anyItem as item } from '#tests/support/item.ts';
import { whatRunsOn, whereIs } from './neighbours.ts';

test('a node is asked for by its own identity, a VM by the instance id that nodes name', () => {
  const node = { type: 'node', value: 'cluster-1/ip-10-0-0-1' } as const;
  expect(whatRunsOn(item({ kind: 'host', identities: [{ type: 'address', value: '10.0.0.1' }, node] }))).toBe(
    'on:cluster-1/ip-10-0-0-1',
  );
  expect(whatRunsOn(item({ kind: 'vm', identities: [{ type: 'instance-id', value: 'i-0abc' }] }))).toBe('on:i-0abc');
});

test('nothing runs on a container, and nothing can be asked of what has no name', () => {
  expect(whatRunsOn(item({ kind: 'container', identities: [{ type: 'node', value: 'a/b' }] }))).toBeNull();
  expect(whatRunsOn(item({ kind: 'vm', identities: [{ type: 'mac', value: '0a:00' }] }))).toBeNull();
});

test('what a container runs on is found by the name of its node', () => {
  expect(whereIs({ type: 'node', value: 'cluster-1/ip-10-0-0-1' })).toBe('name:ip-10-0-0-1');
  expect(whereIs({ type: 'mac', value: '0a:00' })).toBeNull();
});
