import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Opened, TreeShape } from './tree-shape.ts';

const open = (uid: string, parent: string | null, index: number, children: number): Opened => ({
  uid,
  parent,
  index,
  children,
});

test('without anything open the lines are the roots', () => {
  const shape = new TreeShape(3, []);
  expect(shape.count).toBe(3);
  expect(shape.at(2)).toEqual({ parent: null, index: 2, level: 1, of: 3 });
  expect(shape.at(3)).toBeNull();
  expect(shape.at(-1)).toBeNull();
});

test('what is open stands between its machine and the next one, two levels deep as well', () => {
  const shape = new TreeShape(3, [open('b', null, 1, 2), open('b1', 'b', 0, 3)]);
  expect(shape.count).toBe(8);
  const lines = Array.from({ length: 8 }, (_, i) => {
    const line = shape.at(i);
    return `${line?.parent ?? '-'} ${line?.index} ${line?.level}`;
  });
  expect(lines).toEqual(['- 0 1', '- 1 1', 'b 0 2', 'b1 0 3', 'b1 1 3', 'b1 2 3', 'b 1 2', '- 2 1']);
});

test('what is open below something closed is not shown, and comes back with it', () => {
  const inner = open('b1', 'b', 0, 3);
  expect(new TreeShape(3, [inner]).count).toBe(3);
  expect(new TreeShape(3, [inner, open('b', null, 1, 2)]).count).toBe(8);
  expect(new TreeShape(3, [inner]).lineOf('b1', 0)).toBe(-1);
});

test('a child that is no longer there shows nothing of its own', () => {
  expect(new TreeShape(1, [open('gone', null, 5, 4)]).count).toBe(1);
});

test('every line is found again from the child that stands on it', () => {
  const trees = fc.array(fc.record({ from: fc.nat(4), index: fc.nat(6), children: fc.integer({ min: 1, max: 7 }) }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), trees, (roots, picks) => {
      // Each opens a child of one that was opened before it, or a root; no place twice.
      const opened: Opened[] = [];
      for (const [i, { from, index, children }] of picks.entries()) {
        const below = opened[from];
        const parent = below?.uid ?? null;
        if (index >= (below?.children ?? roots)) continue;
        if (opened.some((one) => one.parent === parent && one.index === index)) continue;
        opened.push(open(`n${i}`, parent, index, children));
      }
      const shape = new TreeShape(roots, opened);
      expect(shape.count).toBe(roots + opened.reduce((sum, one) => sum + one.children, 0));
      for (let i = 0; i < shape.count; i++) {
        const line = shape.at(i);
        expect(line && shape.lineOf(line.parent, line.index)).toBe(i);
      }
    }),
  );
});
