import { problem } from '#app/api/answer.ts';

export const dynamic = 'force-dynamic';

/** Every address below `/api` that is no route: a client of the API gets a problem, not a page. */
export const GET = (): Response => problem({ code: 'not-found', detail: 'The API has no such address.' });
export const POST = GET;
export const DELETE = GET;
