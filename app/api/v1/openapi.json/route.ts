import { json } from '#app/api/answer.ts';
import { openApiDocument } from '#app/api/openapi.ts';
import { webProcess } from '#app/server/service.ts';

export const dynamic = 'force-dynamic';

export const GET = () => json(openApiDocument(webProcess().questions.all));
