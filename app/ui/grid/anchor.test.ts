import { expect, test } from 'vitest';
import { findAnchor } from './anchor.ts';

const list =
  (...uids: string[]) =>
  (index: number) =>
    uids[index];

test('a row that moved down is found at its new place', () => {
  expect(findAnchor([{ uid: 'b', index: 1 }], list('x', 'y', 'a', 'b'))).toEqual({
    anchor: { uid: 'b', index: 1 },
    index: 3,
  });
});

test('when the anchor is gone the next row that still exists holds the place', () => {
  const anchors = [
    { uid: 'gone', index: 1 },
    { uid: 'c', index: 2 },
  ];
  expect(findAnchor(anchors, list('a', 'c', 'd'))).toEqual({ anchor: { uid: 'c', index: 2 }, index: 1 });
});

test('nothing is held where no row of before is left', () => {
  expect(findAnchor([{ uid: 'gone', index: 0 }], list('a', 'b'))).toBeNull();
});

test('of two equal distances any is right, of a nearer and a farther the nearer is taken', () => {
  expect(findAnchor([{ uid: 'a', index: 2 }], list('x', 'a', 'y', 'z', 'a'))?.index).toBe(1);
});

test('an anchor whose page is not loaded is not looked for', () => {
  const asked: number[] = [];
  const uidAt = (index: number) => {
    asked.push(index);
    return undefined;
  };
  expect(findAnchor([{ uid: 'a', index: 5000 }], uidAt)).toBeNull();
  expect(asked).toEqual([5000]);
});
