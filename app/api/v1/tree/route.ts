import { ask, json } from '#app/api/answer.ts';
import { treeParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, treeParameters, async ({ parent, ...rest }) =>
    json(await queryService().tree({ ...rest, parent: parent ?? null })),
  );
