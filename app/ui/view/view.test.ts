import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DENSITIES, MODES, readView, TABS, type View, writeView } from './view.ts';

const read = (search: string): View => readView(new URLSearchParams(search));

test('a plain address is the default view, and the default view a plain address', () => {
  const view = read('');
  expect(view).toMatchObject({ q: '', sort: '', columns: null, density: 'normal', selected: null, tab: 'overview' });
  expect(writeView(view)).toBe('');
});

test('every view survives the way through the address', () => {
  const key = fc.stringMatching(/^[a-z][a-z.]{0,10}$/);
  const view = fc.record({
    q: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    sort: fc.constantFrom('', 'name', '-vcpus', 'tag.team'),
    columns: fc.option(fc.array(key, { minLength: 1, maxLength: 8 })),
    widths: fc.dictionary(key, fc.integer({ min: 44, max: 900 }), { maxKeys: 5, noNullPrototype: false }),
    density: fc.constantFrom(...DENSITIES),
    mode: fc.constantFrom(...MODES),
    why: fc.option(fc.record({ group: fc.option(fc.string()) })),
    selected: fc.string({ minLength: 1 }),
    tab: fc.constantFrom(...TABS),
  });
  fc.assert(
    fc.property(view, (one) => {
      const back = read(writeView(one));
      expect({ ...back, widths: { ...back.widths } }).toEqual({ ...one, widths: { ...one.widths } });
    }),
  );
});

test('what is not understood in an address is left at its default', () => {
  const view = read(
    'density=huge&tab=shell&sort=nosuchfield&cols=name,%3Cb%3E,state&w=name~9999999,__proto__~80,zone~120&r=',
  );
  expect(view.density).toBe('normal');
  expect(view.sort).toBe('');
  expect(view.tab).toBe('overview');
  expect(view.columns).toEqual(['name', 'state']);
  expect(Object.entries(view.widths)).toEqual([['zone', 120]]);
  expect(view.selected).toBeNull();
});
