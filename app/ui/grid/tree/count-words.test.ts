import { expect, test } from 'vitest';
import { anyItem } from '#tests/support/item.ts';
import { countWords } from './count-words.ts';

const words = (members: number, above: number, aboveTotal: number, filtered: boolean) =>
  countWords({ item: { ...anyItem(), members }, above, aboveTotal }, filtered)?.text ?? null;

test('a filter says how many of those that stand there it finds, the whole list only how many there are', () => {
  expect(words(1, 37, 412, true)).toBe('37 of 412 on it');
  expect(words(1, 412, 412, false)).toBe('412 on it');
  expect(words(2, 12, 12, false)).toBe('seen as 2, 12 on it');
});

test('what is alone says nothing, what is seen twice says that', () => {
  expect(words(1, 0, 0, true)).toBeNull();
  expect(words(2, 0, 0, false)).toBe('seen as 2');
});
