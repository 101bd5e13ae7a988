import { ask, json } from '#app/api/answer.ts';
import { identityParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, identityParameters, async (parameters) => json(await queryService().identity(parameters)));
