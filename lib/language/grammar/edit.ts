import { formatKey, formatText } from './format.ts';
import type { ScannedToken } from './scan.ts';
import { scan } from './scan.ts';
import { sameField } from './tokens.ts';

/*
 * Edits of the query's text for clicks on facets, headers and chips. What a person typed elsewhere in it stays as it is, mistakes
 * included.
 */

const isListOf = (token: ScannedToken, field: string): boolean =>
  token.field !== null && token.op === ':' && !token.negated && sameField(token.field.key, field);

const exactly = (parts: readonly string[], value: string): boolean =>
  parts.length === 1 && parts[0]?.toLowerCase() === value.toLowerCase();

/** Sorting is an edit too: its value begins with a `-` of its own. */
function clauseText(field: string, values: readonly string[]): string {
  const texts = values.map((value) =>
    field === 'sort' && value.startsWith('-') ? `-${formatText(value.slice(1))}` : formatText(value),
  );
  return `${formatKey(field)}:${texts.join(',')}`;
}

/** The text without the token and without the white space that set it apart. */
function cut(q: string, token: { start: number; end: number }): string {
  const before = q.slice(0, token.start).trimEnd();
  const after = q.slice(token.end).trimStart();
  return before === '' || after === '' ? before + after : `${before} ${after}`;
}

function append(q: string, clause: string): string {
  const last = scan(q).at(-1);
  // Behind an open quote it would become part of the quoted text.
  const at = last?.diagnostic?.expected.startsWith('a closing') ? last.start : q.length;
  return [q.slice(0, at).trimEnd(), clause, q.slice(at)].filter((text) => text !== '').join(' ');
}

/** The values that `field:...` lists now; `''` is "not set". Wildcards and exclusions are no values. */
export function valuesOf(q: string, field: string): string[] {
  return scan(q)
    .filter((token) => isListOf(token, field))
    .flatMap((token) => token.values.flatMap(({ parts }) => (parts.length === 1 ? [parts[0] ?? ''] : [])));
}

/** The query in which the field is one of exactly these values; with none of them, without the clause. */
export function withClause(q: string, field: string, values: readonly string[]): string {
  const [first, ...more] = scan(q).filter((token) => isListOf(token, field));
  const text = more.reduceRight(cut, q);
  if (values.length === 0) return first ? cut(text, first) : text;
  const clause = clauseText(field, values);
  return first ? text.slice(0, first.start) + clause + text.slice(first.end) : append(text, clause);
}

/** The query without any clause about the field, negated and compared ones included. */
export function withoutClause(q: string, field: string): string {
  return scan(q)
    .filter((token) => token.field !== null && token.op !== null && sameField(token.field.key, field))
    .reduceRight(cut, q);
}

/** The query without the token (a chip of {@link tokens}) at this position. */
export function withoutToken(q: string, start: number): string {
  const token = scan(q).find((candidate) => candidate.start === start);
  return token ? cut(q, token) : q;
}

/** Adds the value to the field's list, or takes it away if it is in it: one click on a facet. `''` is "not set". */
export function toggleValue(q: string, field: string, value: string): string {
  const lists = scan(q).filter((token) => isListOf(token, field));
  const holding = lists.filter((token) => token.values.some(({ parts }) => exactly(parts, value)));
  if (holding.length === 0) {
    const [list] = lists;
    if (!list) return append(q, clauseText(field, [value]));
    return `${q.slice(0, list.end)},${formatText(value)}${q.slice(list.end)}`;
  }
  return holding.reduceRight((text, token) => {
    const kept = token.values.filter(({ parts }) => !exactly(parts, value));
    if (kept.length === 0) return cut(text, token);
    const head = text.slice(token.start, token.values[0]?.start);
    const list = kept.map(({ start, end }) => text.slice(start, end)).join(',');
    return text.slice(0, token.start) + head + list + text.slice(token.end);
  }, q);
}
