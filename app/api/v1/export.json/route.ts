import { ask } from '#app/api/answer.ts';
import { download, jsonArray } from '#app/api/export.ts';
import { exportParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/server/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, exportParameters, async ({ q, sort }) => {
    const abort = new AbortController();
    const rows = queryService().rows(q, sort, AbortSignal.any([abort.signal, request.signal]));
    return download('muster.json', 'application/json', jsonArray(rows), abort);
  });
