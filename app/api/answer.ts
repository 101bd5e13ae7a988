import type { z } from 'zod';
import { completeProblem } from '#app/server/problem.ts';
import { QueryProblem } from '#lib/api/problem.ts';
import type { Problem } from '#lib/api/resources.ts';

const STATUS: Record<Problem['code'], number> = {
  'bad-query': 400,
  'bad-parameter': 400,
  'bad-cursor': 400,
  'not-found': 404,
  'not-ready': 503,
  timeout: 503,
  'wrong-host': 421,
  'method-not-allowed': 405,
  'missing-header': 403,
  'too-large': 413,
  'too-many-requests': 429,
  internal: 500,
};

const NO_STORE = { 'cache-control': 'private, no-store' };

/** JSON, from a value or from text that is JSON already. */
export const json = (body: string | object, status = 200): Response =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { ...NO_STORE, 'content-type': 'application/json' },
  });

export function problem(cause: QueryProblem['problem']): Response {
  const status = STATUS[cause.code];
  return new Response(JSON.stringify(completeProblem({ status, ...cause })), {
    status,
    headers: {
      ...NO_STORE,
      'content-type': 'application/problem+json',
      ...(status === 503 || status === 429 ? { 'retry-after': '1' } : {}),
    },
  });
}

/** For every address below `/api` that is no route and no question: a client of the API gets a problem, not a page. */
export const noSuchAddress = (): Response => problem({ code: 'not-found', detail: 'The API has no such address.' });

/**
 * One route: checks the parameters against their schema, asks, answers. A question that cannot be answered becomes problem+json;
 * anything else is thrown on to the web server, which logs it.
 */
export async function ask<P>(
  request: Request,
  schema: z.ZodType<P>,
  answer: (parameters: P) => Promise<Response>,
): Promise<Response> {
  try {
    return await answer(parameters(request, schema));
  } catch (error) {
    if (isQueryProblem(error)) return problem(error.problem);
    throw error;
  }
}

// Next may hold a second copy of the class, so instanceof does not do.
export const isQueryProblem = (error: unknown): error is QueryProblem =>
  error instanceof Error && error.name === 'QueryProblem';

function parameters<P>(request: Request, schema: z.ZodType<P>): P {
  const given = new URL(request.url).searchParams;
  const values: { [name: string]: string } = Object.create(null);
  for (const [name, value] of given) {
    if (name in values) throw badParameter(name, 'expected it once');
    values[name] = value;
  }
  return check(values, schema);
}

/** Checks foreign input; the first mistake becomes a `bad-parameter` that names it. */
export function check<P>(value: unknown, schema: z.ZodType<P>): P {
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
  throw badParameter(String(name ?? ''), issue?.message ?? 'not as documented');
}

function badParameter(parameter: string, expected: string): QueryProblem {
  return new QueryProblem({
    code: 'bad-parameter',
    detail: `${parameter.slice(0, 64)}: ${expected}`,
    parameter,
    expected,
  });
}
