import { createHash } from 'node:crypto';
import { z } from 'zod';
import { QueryProblem } from '#lib/api/problem.ts';
import type { Query, Sort } from './grammar/ast.ts';
import { format } from './grammar/format.ts';

/** A row's position in an order: where the next page begins, even if the row itself has changed or gone since. */
export interface CursorPosition {
  /** What the row sorted by; numbers, natural keys, null without a value. */
  value: number | string | null;
  /** Natural key of its name. */
  name: string;
  uid: string;
}

const VERSION = 1;
const MAX_LENGTH = 8192;

const schema = z.tuple([
  z.literal(VERSION),
  z.string(),
  z.union([z.number(), z.string(), z.null()]),
  z.string(),
  z.string(),
]);

/** A cursor belongs to one question in one order. */
function questionOf(query: Query, sort: Sort): string {
  const text = format({ ...query, group: null, sort });
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

export function encodeCursor(query: Query, sort: Sort, position: CursorPosition): string {
  const fields = [VERSION, questionOf(query, sort), position.value, position.name, position.uid];
  return Buffer.from(JSON.stringify(fields)).toString('base64url');
}

/** @throws QueryProblem `bad-cursor` for anything that {@link encodeCursor} did not make for this question and order */
export function decodeCursor(query: Query, sort: Sort, cursor: string): CursorPosition {
  const read = cursor.length > MAX_LENGTH ? null : schema.safeParse(jsonOf(cursor));
  if (!read?.success) throw bad('The cursor is not one of this server. Start again without a cursor.');
  const [, question, value, name, uid] = read.data;
  if (question !== questionOf(query, sort)) {
    throw bad('The cursor belongs to another question or order. Start again without a cursor.');
  }
  return { value, name, uid };
}

const bad = (detail: string): QueryProblem => new QueryProblem({ code: 'bad-cursor', detail, parameter: 'cursor' });

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
