import { expect, test } from 'vitest';
import { LruCache } from './lru.ts';

function rig(size: number) {
  const cache = new LruCache<string>(size);
  const made: string[] = [];
  const get = (key: string, epoch = '1') =>
    cache.get(key, epoch, () => {
      made.push(key);
      return `${key}${epoch}`;
    });
  return { cache, made, get };
}

test('makes a value once, and anew after what was used longer ago was pushed out', () => {
  const { made, get } = rig(2);
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
  expect(made).toEqual(['a', 'b', 'c', 'b']);
});

test('a value is good within its epoch only, and is replaced by the next', () => {
  const { cache, made, get } = rig(2);
  expect([get('a', '1'), get('a', '2'), get('a', '2')]).toEqual(['a1', 'a2', 'a2']);
  expect(made).toEqual(['a', 'a']);
  expect(cache.peek('a', '1')).toBeUndefined();
  get('b', '2');
  expect(cache.peek('a', '2')).toBe('a2');
});

test('a peek is no use', () => {
  const { cache, get } = rig(2);
  for (const key of ['a', 'b']) get(key);
  expect(cache.peek('a', '1')).toBe('a1');
  get('c');
  expect(cache.peek('a', '1')).toBeUndefined();
});

test('is empty once cleared', () => {
  const { cache, get } = rig(2);
  get('a');
  cache.clear();
  expect(cache.peek('a', '1')).toBeUndefined();
});
