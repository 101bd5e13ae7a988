import { ask } from '#app/api/answer.ts';
import { csv, download } from '#app/api/export.ts';
import { exportParameters } from '#app/api/parameters.ts';
import { queryService } from '#app/server/service.ts';

export const dynamic = 'force-dynamic';

export const GET = (request: Request) =>
  ask(request, exportParameters, async ({ q, sort }) => {
    const abort = new AbortController();
    const rows = queryService().rows(q, sort, AbortSignal.any([abort.signal, request.signal]));
    return download('muster.csv', 'text/csv; charset=utf-8', csv(rows), abort);
  });
