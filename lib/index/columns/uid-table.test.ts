import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UidTable } from './uid-table.ts';

const uid = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', '', '\ud800', 'é', '😀', 'a\u0000b'),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.nat(50).map((n) => `uid-${n}`),
);

it('finds what a map finds, whatever is added, removed and compacted', () =>
  fc.assert(
    fc.property(fc.array(fc.tuple(uid, fc.boolean()), { maxLength: 120 }), (steps) => {
      const table = new UidTable();
      const map = new Map<string, number>();
      let next = 0;
      for (const [text, isAdded] of steps) {
        const slot = map.get(text);
        expect(table.find(text)).toBe(slot);
        if (slot !== undefined) table.remove(slot);
        map.delete(text);
        if (!isAdded) continue;
        table.push(text);
        map.set(text, next++);
      }
      expect(table.count).toBe(map.size);
      for (const [text, slot] of map) expect(table.uid(slot)).toBe(text);
      const keep = Uint32Array.from([...map.values()].sort((a, b) => a - b));
      const compacted = table.compact(keep);
      expect(compacted.count).toBe(map.size);
      for (const [text, slot] of map) expect(compacted.find(text)).toBe(keep.indexOf(slot));
    }),
  ));

it('finds its way among many', () => {
  const table = new UidTable();
  for (let n = 0; n < 20_000; n++) table.push(`uid-${n}`);
  for (let n = 0; n < 20_000; n += 2) table.remove(n);
  for (let n = 0; n < 20_000; n++) expect(table.find(`uid-${n}`)).toBe(n % 2 === 0 ? undefined : n);
});
