/** How a clause compares. `:` is equality, a wildcard, a range or a list of them, by the type of the field. */
export const OPS = [':', '>', '>=', '<', '<='] as const;
export type Op = (typeof OPS)[number];

/**
 * One value of a clause. `unset` (`field:""`) matches what has no value, `any` (`field:*`) what has one. A `pattern` is text cut at
 * its `*`: one part must equal the value, more parts must follow each other from its start to its end. `literal` and `range` are
 * numbers, sizes, durations and dates, in the spelling of the query; a bound that is null is open.
 */
export type Value =
  | { type: 'unset' }
  | { type: 'any' }
  | { type: 'pattern'; parts: readonly string[] }
  | { type: 'literal'; text: string }
  | { type: 'range'; from: string | null; to: string | null };

/** Name, id, an address or an alias contains the parts one behind the other; no part is at both ends of a `*`. */
export interface WordClause {
  type: 'word';
  negated: boolean;
  parts: readonly string[];
}

/** A field has one of the values. `field` is a key of the field table or `tag.<key>` with the key as it was typed. */
export interface FieldClause {
  type: 'field';
  negated: boolean;
  field: string;
  op: Op;
  values: readonly Value[];
}

export type Clause = WordClause | FieldClause;

/** A query: all clauses hold. Without positions, so that equal questions are equal values. */
export interface Query {
  clauses: readonly Clause[];
  /** A field's key. */
  group: string | null;
  sort: Sort | null;
}

/** An order by a field; rows without a value come last in both directions, ties go by name, then uid. */
export interface Sort {
  field: string;
  descending: boolean;
}

/** Part of the grammar: longer questions are refused with the place where they became too long. */
export const LIMITS = { length: 4096, clauses: 64, values: 256 } as const;

/** The one error of the grammar. `position` and `length` are UTF-16 offsets into the text of the query. */
export class GrammarError extends Error {
  override readonly name = 'GrammarError';
  readonly position: number;
  readonly length: number;
  /** What was expected there, for people. */
  readonly expected: string;

  constructor(diagnostic: { position: number; length: number; expected: string }) {
    super(`at ${diagnostic.position}: expected ${diagnostic.expected}`);
    this.position = diagnostic.position;
    this.length = diagnostic.length;
    this.expected = diagnostic.expected;
  }
}
