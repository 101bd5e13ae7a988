import type { Field } from '#lib/language/field.ts';
import type { FieldClause, Sort } from '#lib/language/grammar/ast.ts';
import type { Storage } from '../columns/layout.ts';
import type { Snapshot } from '../filter/clause.ts';
import type { Order } from '../order/order.ts';
import type { Grouping } from './grouping.ts';

/** A value of a facet. */
export interface Counted {
  value: string;
  count: number;
}

/** Rows that count: 0 in `excluded`, or the number of the facet's own field. */
export interface Counting {
  excluded: Uint8Array;
  number: number;
}

/** What a field's values are to the index. What a kind cannot do is null, and no field of it may claim to. */
export interface Kind {
  /** The column that a row's own value is written to; null for what is derived, or kept with what words search. */
  storage: Storage | null;
  /** Clauses that cost less are evaluated first: 0 reads a code or number a row, 1 searches text, words come behind. */
  cost: 0 | 1;
  /** What its answers move with although no row changes: ages with time, states of scopes with time and with the scopes. */
  moves: 'rows' | 'time' | 'scopes';
  /**
   * Sets 1 where the clause holds, without its negation; dead slots may be either.
   * @param excluded 255 for rows that are out already: the expensive clauses do not look at them
   */
  mark(field: Field, clause: FieldClause, snapshot: Snapshot, excluded: Uint8Array, matched: Uint8Array): void;
  /** Its values are uids of rows, which people know by their names. */
  namesRows?: true;
  count: ((field: Field, counting: Counting, snapshot: Snapshot) => Counted[]) | null;
  group: ((field: Field, snapshot: Snapshot) => Grouping) | null;
  order: ((sort: Sort, snapshot: Snapshot) => Order) | null;
}
