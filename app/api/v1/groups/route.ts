import { ask, json } from '#app/api/answer.ts';
import { groupsParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, groupsParameters, async ({ q, by }) => json(await queryService().groupsJson(q, by)));
