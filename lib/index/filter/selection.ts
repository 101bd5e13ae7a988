import { tagKeyOf } from '#lib/language/fields.ts';
import type { Clause } from '#lib/language/grammar/ast.ts';
import { normalTagKey } from '#lib/model/index.ts';
import type { CodeColumn } from '../columns/columns.ts';
import { kindOf } from '../kinds/kinds.ts';
import type { Snapshot } from './clause.ts';
import { matchesOf } from './filter.ts';

/** In {@link Selection.excluded}: more than one field excludes the row, or it is dead. */
const OUT = 255;

/**
 * Which rows a question selects. For each slot `excluded` is 0 where all clauses hold; the number of a field where nothing but that
 * field's own list of values does not hold; 255 otherwise. So a facet can count what would be there if its own list were not, which
 * keeps the values that are not chosen on the screen.
 */
export class Selection {
  readonly excluded: Uint8Array;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly total: number;
  #perCode: { codes: object; counts: Uint32Array } | null = null;

  constructor(excluded: Uint8Array, numbers: ReadonlyMap<string, number>) {
    this.excluded = excluded;
    this.#numbers = numbers;
    let total = 0;
    for (let slot = 0; slot < excluded.length; slot++) if (excluded[slot] === 0) total++;
    this.total = total;
  }

  /** How many selected rows have each code of a column; kept, because each page of one answer asks for it again. */
  countsOf({ codes, dictionary }: CodeColumn): Uint32Array {
    if (this.#perCode?.codes === codes) return this.#perCode.counts;
    const counts = new Uint32Array(dictionary.size);
    const { excluded } = this;
    for (let slot = 0; slot < excluded.length; slot++) {
      if (excluded[slot] !== 0) continue;
      const code = codes[slot] ?? 0;
      counts[code] = (counts[code] ?? 0) + 1;
    }
    this.#perCode = { codes, counts };
    return counts;
  }

  /** The number in {@link excluded} that counts as selected for the facet of a field, beside 0. */
  numberOf(field: string): number {
    return this.#numbers.get(listKey(field)) ?? 0;
  }
}

/** One key for all spellings of a field. */
function listKey(field: string): string {
  const tag = tagKeyOf(field);
  return tag === null ? field : `tag.${normalTagKey(tag)}`;
}

/** What a clause costs: columns of codes and numbers are read in a millisecond, text is searched. */
function costOf(clause: Clause, { fields }: Snapshot): number {
  // The longer a word, the fewer rows have it, and the fewer the next has to look at.
  if (clause.type === 'word') return 3 - Math.min(1, clause.parts.join('').length / 100);
  const field = fields.find(clause.field);
  return field ? kindOf(field).cost : 0;
}

/** The cheap ones first, so that fewer rows are left for the expensive ones. */
const cheapestFirst = (clauses: readonly Clause[], snapshot: Snapshot): Clause[] =>
  clauses
    .map((clause) => ({ clause, cost: costOf(clause, snapshot) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ clause }) => clause);

/** @throws QueryProblem `timeout` */
export function select(clauses: readonly Clause[], snapshot: Snapshot): Selection {
  const { table, deadline } = snapshot;
  const excluded = table.dead.slice(0, table.size);
  const numbers = new Map<string, number>();
  for (const clause of cheapestFirst(clauses, snapshot)) {
    deadline.check();
    const matched = matchesOf(clause, snapshot, excluded);
    const wanted = clause.negated ? 0 : 1;
    let number = OUT;
    if (clause.type === 'field' && clause.op === ':' && !clause.negated) {
      const key = listKey(clause.field);
      number = numbers.get(key) ?? numbers.size + 1;
      numbers.set(key, number);
    }
    for (let slot = 0; slot < excluded.length; slot++) {
      if (matched[slot] === wanted || excluded[slot] === OUT) continue;
      excluded[slot] = excluded[slot] === 0 || excluded[slot] === number ? number : OUT;
    }
  }
  return new Selection(excluded, numbers);
}
