import { QueryProblem } from '#lib/api/problem.ts';
import type { FieldTable } from '#lib/language/fields.ts';
import type { Query, Sort } from '#lib/language/grammar/ast.ts';
import { GrammarError } from '#lib/language/grammar/ast.ts';
import { parse, parseSort } from '#lib/language/grammar/parse.ts';
import type { Arranged, Window } from './order/arrange.ts';

/** Where the page of a result begins: at a row by number (random access) or behind a cursor (stable under changes). */
export interface PageRequest {
  q: string;
  /** Field key, `-` in front for descending; the grammar's `sort:` wins. Empty = name. Every order ends in the uid. */
  sort: string;
  limit: number;
  start: { offset: number } | { cursor: string } | null;
}

export const covers = ({ from, slots }: Arranged, window: Window, total: number): boolean =>
  from <= window.from && from + slots.length >= Math.min(window.to, total);

/** The places that a page may be in. A cursor may point anywhere. */
export function windowOf({ start, limit }: PageRequest, total: number): Window {
  if (start !== null && 'cursor' in start) return { from: 0, to: total };
  const from = Math.min(total, start?.offset ?? 0);
  return { from, to: from + limit };
}

/** @throws QueryProblem `bad-query` */
export function parseQuery(q: string, fields: FieldTable): Query {
  try {
    return parse(q, fields);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
    const { position, length, expected } = error;
    throw new QueryProblem({ code: 'bad-query', detail: `Expected ${expected}.`, position, length, expected });
  }
}

/** The order of the question itself, else that of the request, else by name. */
export function sortOf(query: Query, requested: string, fields: FieldTable): Sort {
  const sort = query.sort ?? parseSort(requested === '' ? 'name' : requested, fields);
  if (sort !== null) return sort;
  throw new QueryProblem({ code: 'bad-parameter', detail: 'There is no such field to sort by.', parameter: 'sort' });
}

export const outOfRange = (parameter: string, legal: string): QueryProblem =>
  new QueryProblem({ code: 'bad-parameter', detail: `Expected ${legal} as ${parameter}.`, parameter });
