import { expect, it } from 'vitest';
import { mockPages } from './mock-pages.ts';

function* numbers(upTo: number, made: number[]) {
  for (let i = 0; i < upTo; i++) {
    made.push(i);
    yield i;
  }
}

it('gives every row once, in pages, and makes each once', () => {
  const made: number[] = [];
  const listing = mockPages<number>(2);
  const rows: number[] = [];
  let next: string | undefined;
  do {
    const page = listing.page('here', next, () => numbers(5, made));
    rows.push(...page.rows);
    next = page.next;
  } while (next);
  expect(rows).toEqual([0, 1, 2, 3, 4]);
  expect(made).toEqual(rows);
});

it('refuses a token that is used up instead of calling it the end', () => {
  const listing = mockPages<number>(2);
  const { next } = listing.page('here', undefined, () => numbers(5, []));
  listing.page('here', next, () => []);
  expect(() => listing.page('here', next, () => [])).toThrow(expect.objectContaining({ kind: 'bad-reply' }));
});
