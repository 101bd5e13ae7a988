import { ask, json } from '#app/api/answer.ts';
import { capacityParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, capacityParameters, async ({ q }) => json(await queryService().capacity(q)));
