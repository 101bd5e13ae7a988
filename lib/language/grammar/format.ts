import type { Clause, Query, Value } from './ast.ts';

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** Text that means itself without quotes, wherever a value or a word may stand. */
const PLAIN = /^[^\s"*,:<>-][^\s"*,:<>]*$/;
const PLAIN_KEY = /^[^\s:<>",]+$/;

const plain = (text: string): string => (text === '' || PLAIN.test(text) ? text : quote(text));

/** A field's key as a clause begins with it. */
export function formatKey(key: string): string {
  const isTag = key.slice(0, 4).toLowerCase() === 'tag.';
  if (!isTag || PLAIN_KEY.test(key.slice(4))) return key;
  return key.slice(0, 4) + quote(key.slice(4));
}

function formatParts(parts: readonly string[]): string {
  const text = parts.map(plain).join('*');
  return text === '' ? '""' : text;
}

/** One value in the grammar's spelling. */
export function formatValue(value: Value): string {
  if (value.type === 'unset') return '""';
  if (value.type === 'any') return '*';
  if (value.type === 'literal') return value.text;
  if (value.type === 'range') return `${value.from ?? ''}..${value.to ?? ''}`;
  return formatParts(value.parts);
}

/** A facet's value, sort or group as a value of the grammar: text that means exactly itself; `""` for not set. */
export function formatText(text: string): string {
  return formatParts([text]);
}

export function formatClause(clause: Clause): string {
  const minus = clause.negated ? '-' : '';
  if (clause.type === 'word') return minus + formatParts(clause.parts);
  return `${minus}${formatKey(clause.field)}${clause.op}${clause.values.map(formatValue).join(',')}`;
}

/** The query in one spelling: `parse(format(query))` is `query`. */
export function format(query: Query): string {
  const tokens = query.clauses.map(formatClause);
  if (query.group !== null) tokens.push(`group:${formatText(query.group)}`);
  if (query.sort !== null) tokens.push(`sort:${formatSort(query.sort)}`);
  return tokens.join(' ');
}

function formatSort(sort: NonNullable<Query['sort']>): string {
  // In front of quotes, not inside: `sort:-"tag.a b"`.
  return (sort.descending ? '-' : '') + formatText(sort.field);
}
