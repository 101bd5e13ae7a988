import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFaults, shownFaults, testFiles, withBuilt } from '#scripts/fault-table.ts';

const root = join(import.meta.dirname, '../..');
const document = readFileSync(join(root, 'docs/faults.md'), 'utf8');

describe('docs/faults.md', () => {
  it('finds the numbers that a title begins with', () => {
    const text = [
      "it('fault",
      " 7: uses the next one', async () => {",
      "it('fault",
      " 8, fault 9: both', () => {",
    ].join('');
    const rows = shownFaults([{ path: 'a.test.ts', text }]);
    expect([...rows.keys()]).toEqual([7, 8, 9]);
    expect(rows.get(8)).toEqual([{ file: 'a.test.ts', title: 'both' }]);
  });

  it('lists what the tests show', () => {
    expect(withBuilt(document, shownFaults(testFiles(root))), 'run npm run write-docs').toBe(document);
  });

  it('names each of the 100 rows of the catalogue, as built or as open', () => {
    const named = new Set([...shownFaults(testFiles(root)).keys(), ...openFaults(document)]);
    expect(Array.from({ length: 100 }, (_, i) => i + 1).filter((number) => !named.has(number))).toEqual([]);
  });
});
