import { json, problem } from '#app/api/answer.ts';
import { tell } from '#app/api/body.ts';
import { refreshBody } from '#app/api/parameters.ts';
import { webProcess } from '#app/server/service.ts';

export const dynamic = 'force-dynamic';

/** Asks the collector for a new listing. */
export const POST = (request: Request) =>
  tell(request, refreshBody, async ({ scope }) => {
    const answer = await webProcess().refresh(scope);
    if (answer === 'unreachable') {
      return problem({
        code: 'not-ready',
        detail: 'The collector does not answer; what you see is the last it stored.',
      });
    }
    if (answer === 'unknown') return problem({ code: 'not-found', detail: 'No scope with this id is listed.' });
    return json({ status: answer }, 202);
  });
