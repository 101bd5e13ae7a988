import { describe, expect, it } from 'vitest';
import { readPage } from './page.ts';

const page = (items: unknown, more: Record<string, unknown> = {}) => ({
  id: 'projects/shop-prod/aggregated/instances',
  items,
  ...more,
});
const none = { warning: { code: 'NO_RESULTS_ON_PAGE' } };
const read = (body: unknown) => readPage(body, 'instances', 'shop-prod');

describe('readPage', () => {
  it('takes rows with their zone, and a zone without results as empty', () => {
    const found = read(page({ 'zones/a': { instances: [{ id: '1' }] }, 'zones/b': none }, { nextPageToken: 'n' }));
    expect(found).toEqual({ rows: [{ key: 'zones/a', row: { id: '1' } }], next: 'n', gaps: [] });
  });

  it.each([
    ['a zone that could not be reached', { 'zones/a': { warning: { code: 'UNREACHABLE' } } }, {}, 'a (unreachable)'],
    ['a zone in unreachables', { 'zones/a': none }, { unreachables: ['projects/p/zones/b'] }, 'b (unreachable)'],
    ['a warning beside rows', { 'zones/a': { instances: [], warning: { code: 'X' } } }, {}, 'a (x)'],
    ['a warning of the page', { 'zones/a': none }, { warning: { code: 'PARTIAL' } }, 'the project (partial)'],
    ['a zone that says nothing', { 'zones/a': {} }, {}, 'a (no answer)'],
  ])('names %s as a gap', (_, items, more, gap) => {
    expect(read(page(items, more)).gaps).toEqual([gap]);
  });

  it.each([
    [null],
    [[]],
    [{}],
    [page(undefined)],
    [page([])],
    [page({ 'zones/a': { instances: {} } })],
    [page({ 'zones/a': null })],
  ])('fault 14: refuses %j instead of reading it as nothing', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ kind: 'bad-reply' }));
  });

  it('fault 100: refuses the answer of another project', () => {
    expect(() => readPage(page({}), 'instances', 'shop-dev')).toThrow(expect.objectContaining({ kind: 'config' }));
  });
});
