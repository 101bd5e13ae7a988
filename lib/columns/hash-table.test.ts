import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HashTable } from './hash-table.ts';

/** Few hashes, so that many keys share one, and some at the end of the places, from where probing goes on at their start. */
const hash = fc.oneof(fc.nat(6), fc.constantFrom(62, 63, 64 + 63, 0xffffffff), fc.nat(0xffffffff));

/** A key is its hash and a number; entries are handed out in rising order. */
class Keyed {
  readonly table = new HashTable();
  readonly keys: string[] = [];

  find(hashed: number, key: string): number {
    for (let place = this.table.first(hashed); place >= 0; place = this.table.next(place)) {
      if (this.keys[this.table.at(place)] === key) return place;
    }
    return -1;
  }
}

it('finds what a map finds, whatever is added, replaced and removed', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(hash, fc.nat(2), fc.constantFrom('add', 'replace', 'remove')), { maxLength: 200 }),
      (steps) => {
        const keyed = new Keyed();
        const map = new Map<string, number>();
        for (const [hashed, number, step] of steps) {
          const key = `${hashed} ${number}`;
          const place = keyed.find(hashed, key);
          expect(place < 0 ? undefined : keyed.table.at(place)).toBe(map.get(key));
          const known = map.get(key);
          if (known !== undefined && step === 'remove') {
            keyed.table.removeAt(keyed.table.placeOf(known));
            map.delete(key);
          } else if (known !== undefined && step === 'replace') {
            keyed.table.replace(place, keyed.keys.push(key) - 1);
            map.set(key, keyed.keys.length - 1);
          } else if (known === undefined && step === 'add') {
            keyed.table.add(keyed.keys.push(key) - 1, hashed);
            map.set(key, keyed.keys.length - 1);
          }
        }
        expect(keyed.table.count).toBe(map.size);
        for (const [key, entry] of map) {
          expect(keyed.table.at(keyed.find(Number(key.split(' ', 1)[0]), key))).toBe(entry);
        }
      },
    ),
  ));

it('keeps the hash of an entry that is not to be found by it', () => {
  const table = new HashTable();
  table.setHash(0, 7);
  table.add(1, 7);
  expect(table.hash(0)).toBe(7);
  expect([table.at(table.first(7)), table.next(table.first(7))]).toEqual([1, -1]);
  expect(() => table.placeOf(0)).toThrow(RangeError);
});

it('finds its way among many, and with room made at once', () => {
  for (const expected of [0, 50_000]) {
    const table = new HashTable(expected);
    const hashOf = (entry: number) => Math.imul(entry, 0x9e3779b1) >>> 0;
    for (let entry = 0; entry < 50_000; entry++) table.add(entry, hashOf(entry));
    for (let entry = 0; entry < 50_000; entry += 2) table.removeAt(table.placeOf(entry));
    expect(table.count).toBe(25_000);
    for (let entry = 0; entry < 50_000; entry++) {
      const place = table.first(hashOf(entry));
      expect(place < 0 ? -1 : table.at(place)).toBe(entry % 2 === 0 ? -1 : entry);
    }
  }
});
