import { json } from '#app/api/answer.ts';
import { openApiDocument } from '#app/api/openapi.ts';

export const dynamic = 'force-dynamic';

export const GET = () => json(openApiDocument());
