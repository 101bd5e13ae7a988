import { expect, test } from 'vitest';
import type { TreePage } from '#lib/api/stack.ts';
import { anyItem } from '#tests/support/item.ts';
import { moved } from './moved.ts';

const page = (parent: string | null, ...entries: [uid: string, children: number][]): TreePage => ({
  parent,
  total: entries.length,
  revision: 1,
  items: entries.map(([uid, children]) => ({
    item: anyItem({ uid }),
    matches: true,
    above: 0,
    aboveTotal: 0,
    children,
  })),
});
const opened = [{ uid: 'b', parent: null, index: 1, children: 2 }];

test('what stands where it stood is left alone, to the same array', () => {
  expect(moved(opened, new Map([['0 ', page(null, ['a', 0], ['b', 2])]]))).toBe(opened);
});

test('what moved or has other children is open at its new place', () => {
  const pages = new Map([['0 ', page(null, ['0', 0], ['a', 0], ['b', 5])]]);
  expect(moved(opened, pages)).toEqual([{ uid: 'b', parent: null, index: 2, children: 5 }]);
});

test('what is gone or has no children left is closed', () => {
  expect(moved(opened, new Map([['0 ', page(null, ['a', 0])]]))).toEqual([]);
  expect(moved(opened, new Map([['0 ', page(null, ['b', 0])]]))).toEqual([]);
});

test('what stands on a page that was not read stays open', () => {
  expect(moved(opened, new Map([['0 host', page('host', ['x', 0])]]))).toBe(opened);
});
