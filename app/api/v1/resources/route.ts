import { ask, json } from '#app/api/answer.ts';
import { resourcesParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, resourcesParameters, async ({ q, sort, limit, cursor, offset }) => {
    const start = cursor !== undefined ? { cursor } : offset !== undefined ? { offset } : null;
    return json(await queryService().pageJson({ q, sort, limit, start }));
  });
