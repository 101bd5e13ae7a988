import type { Op } from './ast.ts';
import { Recent } from './recent.ts';

/** What cannot be read: where in the text, and what was expected there. */
export interface Diagnostic {
  position: number;
  length: number;
  expected: string;
}

/** One value as it stands in the text. `parts` is its text cut at the `*` outside quotes. */
export interface ScannedValue {
  start: number;
  end: number;
  parts: readonly string[];
  /** Some of it stands in quotes. */
  quoted: boolean;
}

/** A run of text between white space. A word has no `field` and exactly one value. */
export interface ScannedToken {
  start: number;
  end: number;
  negated: boolean;
  /** The name before the operator, in lower case except for the key behind `tag.`. */
  field: { key: string; start: number; end: number } | null;
  op: Op | null;
  values: readonly ScannedValue[];
  diagnostic: Diagnostic | null;
}

const SPACE = /\s/;
const NAME = /[A-Za-z][A-Za-z0-9_.-]*/y;
const TAG = /tag\./iy;
const TAG_KEY = /[^\s:<>",]+/y;
const ARN = /arn:/iy;
const COLONS = /[0-9a-f:.]+(?=[\s/,]|$)/iy;

function match(pattern: RegExp, q: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(q)?.[0] ?? null;
}

/** What people paste: an ARN, an IPv6 address or a MAC address is text, not a field `arn` or `fe80`. */
function isPasted(q: string, at: number): boolean {
  if (match(ARN, q, at) !== null) return true;
  const groups = (match(COLONS, q, at) ?? '').split(':');
  if (groups.some((group) => group.length > 4 && !group.includes('.'))) return false;
  const gaps = groups.filter((group) => group === '').length;
  return groups.length === 8 || (groups.length > 2 && gaps > 0) || (groups.length === 6 && gaps === 0);
}

/** Reads a text in quotes from its first quote; `end` is null if it is not closed. `\"` and `\\` stand for `"` and `\`. */
function readQuoted(q: string, start: number): { text: string; end: number | null } {
  let text = '';
  for (let i = start + 1; i < q.length; i++) {
    const c = q[i];
    if (c === '"') return { text, end: i + 1 };
    if (c === '\\' && (q[i + 1] === '"' || q[i + 1] === '\\')) i++;
    text += q[i];
  }
  return { text, end: null };
}

function unclosed(q: string, start: number): Diagnostic {
  return { position: start, length: q.length - start, expected: 'a closing " for the quoted text' };
}

/** Reads one value: bare text, quoted text and `*` in any sequence without white space. */
function readValue(q: string, start: number, inList: boolean): { value: ScannedValue; diagnostic: Diagnostic | null } {
  const parts = [''];
  let quoted = false;
  let at = start;
  const add = (text: string) => {
    parts[parts.length - 1] += text;
  };
  while (at < q.length) {
    const c = q[at] ?? '';
    if (SPACE.test(c) || (inList && c === ',')) break;
    if (c === '"') {
      quoted = true;
      const { text, end } = readQuoted(q, at);
      add(text);
      if (end === null) {
        return { value: { start, end: q.length, parts, quoted }, diagnostic: unclosed(q, at) };
      }
      at = end;
      continue;
    }
    // `**` means what `*` means: no part between two stars is empty.
    if (c !== '*') add(c);
    else if (parts.length === 1 || parts.at(-1) !== '') parts.push('');
    at++;
  }
  return { value: { start, end: at, parts, quoted }, diagnostic: null };
}

/** The name of a field in front of an operator, or null where a word stands. */
function readField(q: string, start: number): ScannedToken['field'] {
  if (isPasted(q, start)) return null;
  const tag = match(TAG, q, start);
  if (tag !== null) {
    const at = start + tag.length;
    if (q[at] === '"') {
      const { text, end } = readQuoted(q, at);
      return end === null ? null : { key: `tag.${text}`, start, end };
    }
    const key = match(TAG_KEY, q, at) ?? '';
    return key === '' ? null : { key: `tag.${key}`, start, end: at + key.length };
  }
  const name = match(NAME, q, start);
  return name === null ? null : { key: name.toLowerCase(), start, end: start + name.length };
}

function readOp(q: string, at: number): Op | null {
  const c = q[at];
  if (c === ':') return ':';
  if (c !== '<' && c !== '>') return null;
  return q[at + 1] === '=' ? `${c}=` : c;
}

export const scans = new Recent(readTokens);

/** Cuts a query into tokens; each knows its own diagnostic, so that a half-typed query still has chips. Linear in the text. */
export const scan = (q: string): readonly ScannedToken[] => scans.of(q);

function readTokens(q: string): readonly ScannedToken[] {
  const tokens: ScannedToken[] = [];
  let at = 0;
  while (at < q.length) {
    if (SPACE.test(q[at] ?? '')) {
      at++;
      continue;
    }
    const token = readToken(q, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(q: string, start: number): ScannedToken {
  const negated = q[start] === '-';
  const at = negated ? start + 1 : start;
  const field = readField(q, at);
  const op = field === null ? null : readOp(q, field.end);
  if (field === null || op === null) {
    const { value, diagnostic } = readValue(q, at, false);
    const empty = value.parts.length === 1 && value.parts[0] === '';
    const expected = negated ? 'a field or a word behind the -' : 'a word in the quotes';
    return {
      start,
      end: value.end,
      negated,
      field: null,
      op: null,
      values: [value],
      diagnostic: diagnostic ?? (empty ? { position: start, length: value.end - start, expected } : null),
    };
  }
  const values: ScannedValue[] = [];
  let next = field.end + op.length;
  let diagnostic: Diagnostic | null = null;
  do {
    if (values.length > 0) next++;
    const read = readValue(q, next, true);
    values.push(read.value);
    diagnostic ??= read.diagnostic;
    if (read.value.end === next) {
      diagnostic ??= {
        position: field.start,
        length: next - field.start,
        expected: 'a value; "" stands for not set, * for set',
      };
    }
    next = read.value.end;
  } while (q[next] === ',');
  return { start, end: next, negated, field, op, values, diagnostic };
}
