import { ask, json } from '#app/api/answer.ts';
import { changesParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, changesParameters, async ({ q, since, before, limit }) =>
    json(await queryService().changes({ q, since: since ?? null, before: before ?? null, limit })),
  );
