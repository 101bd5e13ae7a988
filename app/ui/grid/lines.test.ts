import { expect, test } from 'vitest';
import { wantFor, wantKey, wantsOf } from './lines.ts';

const list = { wantAt: (index: number) => wantFor(null, index) };

test('the pages in sight are wanted in their order, each once', () => {
  expect(wantsOf(list, 95, 205, 100)).toEqual([
    { parent: null, page: 0 },
    { parent: null, page: 1 },
    { parent: null, page: 2 },
  ]);
});

test('the page of the line with the focus is wanted wherever one scrolled to', () => {
  expect(wantsOf(list, 1000, 1010, 42).map(wantKey)).toEqual(['10 ', '0 ']);
});

test('what is always there is not wanted, and the same page of two machines is two pages', () => {
  const wantAt = (index: number) => (index < 2 ? null : wantFor(index < 4 ? 'a' : 'b', 0));
  expect(wantsOf({ wantAt }, 0, 5, 0)).toEqual([
    { parent: 'a', page: 0 },
    { parent: 'b', page: 0 },
  ]);
});
