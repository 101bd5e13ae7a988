import { ask, json } from '#app/api/answer.ts';
import { facetsParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, facetsParameters, async ({ q, fields }) => json(await queryService().facetsJson(q, fields)));
