import { z } from 'zod';
import { ask, json } from '#app/api/answer.ts';
import { queryService } from '#app/front/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, z.strictObject({}), async () => json({ sources: await queryService().permissions() }));
