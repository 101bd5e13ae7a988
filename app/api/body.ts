import type { z } from 'zod';
import { QueryProblem } from '#lib/api/problem.ts';
import { check, isQueryProblem, problem } from './answer.ts';

/**
 * One route that is told something: checks the JSON body against its schema, acts, answers. The web server has checked that our own
 * page tells it, and how long it is. Problems as {@link ask} has them.
 */
export async function tell<B>(
  request: Request,
  schema: z.ZodType<B>,
  answer: (body: B) => Promise<Response>,
): Promise<Response> {
  try {
    return await answer(check(await json(request), schema));
  } catch (error) {
    if (isQueryProblem(error)) return problem(error.problem);
    throw error;
  }
}

async function json(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new QueryProblem({ code: 'bad-parameter', detail: 'The body is not JSON.', parameter: '' });
  }
}
