import { check, json, problem } from '#app/api/answer.ts';
import { refreshBody } from '#app/api/parameters.ts';
import { webProcess } from '#app/front/service.ts';
import { QueryProblem } from '#lib/query/service.ts';

export const dynamic = 'force-dynamic';

/** Asks the collector for a new listing; the front has checked that our own page asks. */
export async function POST(request: Request): Promise<Response> {
  try {
    const { scope } = check(await body(request), refreshBody);
    const answer = await webProcess().refresh(scope);
    if (answer === 'unreachable') {
      return problem({
        code: 'not-ready',
        detail: 'The collector does not answer; what you see is the last it stored.',
      });
    }
    if (answer === 'unknown') return problem({ code: 'not-found', detail: 'No scope with this id is listed.' });
    return json({ status: answer }, 202);
  } catch (error) {
    if (error instanceof QueryProblem) return problem(error.problem);
    throw error;
  }
}

async function body(request: Request): Promise<unknown> {
  const text = await request.text();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new QueryProblem({ code: 'bad-parameter', detail: 'The body is not JSON.', parameter: '' });
  }
}
