import type { Field } from '../field.ts';
import { FIELD_TABLE, type FieldTable, isGroupable, tagField } from '../fields.ts';
import { readNetwork } from './address.ts';
import type { Clause, Op, Query, Sort, Value } from './ast.ts';
import { GrammarError, LIMITS } from './ast.ts';
import { boundsOf, isOrdered, LITERAL_FORM } from './literal.ts';
import { Recent } from './recent.ts';
import type { ScannedToken, ScannedValue } from './scan.ts';
import { scan } from './scan.ts';
import { nearest } from './suggest.ts';

/** What one token of a query says. */
export type Meaning = { clause: Clause } | { sort: Sort } | { group: string };

/**
 * Reads a query.
 * @param fields what it may name
 * @throws GrammarError and nothing else, whatever the text
 */
export const parse = (q: string, fields = FIELD_TABLE): Query =>
  fields === FIELD_TABLE ? queries.of(q) : readQuery(q, fields);

const queries = new Recent((q) => readQuery(q, FIELD_TABLE));

function readQuery(q: string, fields: FieldTable): Query {
  if (q.length > LIMITS.length) {
    fail(LIMITS.length, q.length - LIMITS.length, `at most ${LIMITS.length} characters`);
  }
  const clauses: Clause[] = [];
  let sort: Sort | null = null;
  let group: string | null = null;
  let values = 0;
  let tokens = 0;
  for (const token of scan(q)) {
    const length = token.end - token.start;
    values += token.values.length;
    if (++tokens > LIMITS.clauses) fail(token.start, length, `at most ${LIMITS.clauses} clauses`);
    if (values > LIMITS.values) fail(token.start, length, `at most ${LIMITS.values} values in all`);
    const meaning = meaningOf(token, fields);
    if ('clause' in meaning) clauses.push(meaning.clause);
    else if ('sort' in meaning) {
      if (sort !== null) fail(token.start, length, 'sort: once');
      sort = meaning.sort;
    } else {
      if (group !== null) fail(token.start, length, 'group: once');
      group = meaning.group;
    }
  }
  return { clauses, group, sort };
}

/** @throws GrammarError */
export function meaningOf(token: ScannedToken, fields = FIELD_TABLE): Meaning {
  if (token.diagnostic !== null) throw new GrammarError(token.diagnostic);
  const [first] = token.values;
  if (token.field === null || token.op === null) {
    return { clause: { type: 'word', negated: token.negated, parts: first?.parts ?? [] } };
  }
  const { key, start, end } = token.field;
  if (key === 'sort' || key === 'group') return viewOf(token, key, token.op, fields);
  const field = fields.find(key);
  if (field === null)
    return fail(start, end - start, `a field${hint(key, fields)}; text that has a colon goes in quotes`);
  const op = opOf(field, token, token.op);
  const values = token.values.map((value) =>
    isOrdered(field.type) ? orderedOf(field, op, value) : textOf(field, value),
  );
  return { clause: { type: 'field', negated: token.negated, field: field.key, op, values } };
}

function fail(position: number, length: number, expected: string): never {
  throw new GrammarError({ position, length, expected });
}

/** What is no field and near none is most often a tag. */
function hint(key: string, { all }: FieldTable): string {
  const meant = nearest(key, [...all.map((field) => field.key), 'tag.', 'sort', 'group']);
  return `, perhaps ${meant ?? `tag.${key}`}`;
}

function opOf(field: Field, token: ScannedToken, op: Op): Op {
  const at = token.field?.end ?? token.start;
  if (op !== ':' && !isOrdered(field.type)) fail(at, op.length, `a colon: ${field.key} has no order`);
  const second = token.values[1];
  if (op !== ':' && second) fail(second.start - 1, token.end - second.start + 1, `one value behind ${op}`);
  return op;
}

/** `a..b` outside quotes, or a single literal. */
function orderedOf(field: Field, op: Op, value: ScannedValue): Value {
  const text = value.parts.join('*');
  if (op === ':' && text === '' && value.quoted) return { type: 'unset' };
  if (op === ':' && text === '*' && !value.quoted) return { type: 'any' };
  const dots = text.indexOf('..');
  const read: Value =
    dots === -1 || op !== ':'
      ? { type: 'literal', text }
      : { type: 'range', from: text.slice(0, dots) || null, to: text.slice(dots + 2) || null };
  if (boundsOf(field.type, op, read) !== null) return read;
  return fail(value.start, value.end - value.start, LITERAL_FORM[field.type]);
}

function textOf(field: Field, value: ScannedValue): Value {
  const { parts } = value;
  const [only = ''] = parts;
  if (parts.length === 1 && only === '') return { type: 'unset' };
  if (parts.every((part) => part === '')) return { type: 'any' };
  // A network that is none would match nothing, without a word.
  if (field.type === 'address' && parts.length === 1 && only.includes('/') && readNetwork(only) === null)
    return fail(value.start, value.end - value.start, LITERAL_FORM.address);
  if (field.values === undefined || parts.length > 1) return { type: 'pattern', parts };
  const legal = only.toLowerCase();
  if (field.values.includes(legal)) return { type: 'pattern', parts: [legal] };
  const meant = nearest(legal, field.values);
  const expected = `one of ${field.values.join(', ')}${meant === null ? '' : `; perhaps ${meant}`}`;
  return fail(value.start, value.end - value.start, expected);
}

/** `sort:-memory` and `group:team`: how the result is shown, not what is in it. */
function viewOf(token: ScannedToken, key: 'sort' | 'group', op: Op, fields: FieldTable): Meaning {
  const length = token.end - token.start;
  const [value, more] = token.values;
  if (token.negated) fail(token.start, length, `${key}: without a - in front`);
  if (op !== ':') fail(token.field?.end ?? token.start, op.length, 'a colon');
  if (!value || more) return fail(token.start, length, 'one field');
  const [name = '', star] = value.parts;
  const descending = key === 'sort' && name.startsWith('-');
  const known = fields.find(descending ? name.slice(1) : name);
  // `group:team` is short for `group:tag.team`: teams are tags, and nobody has a field of that name.
  const field = known ?? (key === 'group' && name !== '' ? tagField(name) : null);
  const legal = field !== null && star === undefined && (key === 'sort' ? field.sortable : isGroupable(field));
  if (!legal) fail(value.start, value.end - value.start, `a field to ${key} by${hint(name.replace(/^-/, ''), fields)}`);
  return key === 'sort' ? { sort: { field: field.key, descending } } : { group: field.key };
}

/** An order as the API spells it: a field's key, `-` in front for descending; null if it names none. */
export function parseSort(sort: string, fields = FIELD_TABLE): Sort | null {
  const descending = sort.startsWith('-');
  const field = fields.find(descending ? sort.slice(1) : sort);
  return field?.sortable ? { field: field.key, descending } : null;
}
