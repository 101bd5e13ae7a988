import { ask, json, problem } from '#app/api/answer.ts';
import { tell } from '#app/api/body.ts';
import { queryService, webProcess } from '#app/server/service.ts';
import { opinionSchema, pairSchema } from '#lib/model/index.ts';
import type resource from '#lib/questions/resource.ts';
import type stack from '#lib/questions/stack.ts';

export const dynamic = 'force-dynamic';

const NO_COLLECTOR = {
  code: 'not-ready',
  detail: 'The collector does not answer, so nothing was kept. Start it, or try again in a moment.',
} as const;

/** Whether a container runs on a resource, directly or through the layers between. */
async function runsOn(container: string, uid: string): Promise<boolean> {
  const found = await queryService().ask<typeof stack>('/resources/{uid}/stack', { uid: container });
  return found?.below.some(({ items }) => items.some((item) => item.uid === uid)) ?? false;
}

/** Joins or splits two resources that are there now; both processes hold the body against the model's schema. */
export const POST = (request: Request) =>
  tell(request, opinionSchema, async (opinion) => {
    for (const [name, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const found = await queryService().ask<typeof resource>('/resources/{uid}', { uid: opinion[name] });
      if (found?.removedAt !== null)
        return problem({ code: 'not-found', detail: `${name}: no resource has this uid now.`, parameter: name });
      // It would stand on itself. A server and its hypervisor may be one: bare metal under OpenStack.
      const { kind } = found.resource;
      if (opinion.verdict === 'join' && kind === 'container' && (await runsOn(opinion[name], opinion[other])))
        return problem({
          code: 'bad-parameter',
          detail: `${name}: the container runs on ${other}, so they are not one machine.`,
          parameter: other,
        });
    }
    const said = await webProcess().decide(opinion);
    if (said.answer === 'unreachable') return problem(NO_COLLECTOR);
    if (said.answer === 'refused') return problem({ code: 'not-ready', detail: said.reason });
    return json(said.decision);
  });

/** Takes back what was said of a pair; neither of them need be there any more. */
export const DELETE = (request: Request) =>
  ask(request, pairSchema, async (pair) => {
    const said = await webProcess().undecide(pair);
    if (said.answer === 'unreachable') return problem(NO_COLLECTOR);
    if (said.answer === 'refused') return problem({ code: 'not-ready', detail: said.reason });
    if (said.answer === 'unknown') return problem({ code: 'not-found', detail: 'Nothing was said of these two.' });
    return new Response(null, { status: 204, headers: { 'cache-control': 'private, no-store' } });
  });
