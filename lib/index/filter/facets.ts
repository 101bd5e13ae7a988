import { QueryProblem } from '#lib/api/problem.ts';
import type { Facets } from '#lib/api/resources.ts';
import type { Counted } from '../kinds/kind.ts';
import { kindOf } from '../kinds/kinds.ts';
import { compareText } from '../order/sorted-keys.ts';
import type { Snapshot } from './clause.ts';
import type { Selection } from './selection.ts';

/** Values of a facet at most; the rest is said to be left out. */
const MOST = 100;

/** Fields of one question at most. */
const MOST_FIELDS = 32;

/**
 * Counts the values of fields over a selection. A facet's own list of values does not narrow it: the counts are those that a click
 * on a further value would add. `total` is that of the whole question.
 * @throws QueryProblem `bad-parameter` for a field that is none or has no facet
 */
export function facetsOf(selection: Selection, fields: readonly string[], snapshot: Snapshot): Facets {
  const facets: [string, Counted[]][] = [];
  const truncated: string[] = [];
  if (fields.length > MOST_FIELDS) {
    throw new QueryProblem({ code: 'bad-parameter', detail: `At most ${MOST_FIELDS} fields.`, parameter: 'fields' });
  }
  for (const key of new Set(fields)) {
    snapshot.deadline.check();
    const counted = mostFrequent(countField(key, selection, snapshot));
    if (counted.length > MOST) truncated.push(key);
    facets.push([key, counted.slice(0, MOST)]);
  }
  return { total: selection.total, facets: Object.fromEntries(facets), truncated };
}

function countField(key: string, selection: Selection, snapshot: Snapshot): Counted[] {
  const field = snapshot.fields.find(key);
  if (!field?.facet) {
    throw new QueryProblem({
      code: 'bad-parameter',
      detail: field ? `The field ${field.key} has no facet.` : 'There is no such field.',
      parameter: 'fields',
    });
  }
  const counting = { excluded: selection.excluded, number: selection.numberOf(field.key) };
  return kindOf(field).count?.(field, counting, snapshot) ?? [];
}

/** All of them in order, or one more than {@link MOST} if there are more. */
function mostFrequent(counted: Counted[]): Counted[] {
  return counted.sort((a, b) => b.count - a.count || compareText(a.value, b.value)).slice(0, MOST + 1);
}
