import { ask, problem } from '#app/api/answer.ts';
import { eventStream, streamIsFull } from '#app/api/event-stream.ts';
import { streamParameters } from '#app/api/parameters.ts';
import { webProcess } from '#app/server/service.ts';

export const dynamic = 'force-dynamic';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
};

/** Server-sent events: one `change` for each revision, resumable by `Last-Event-ID` (the revision last seen). */
export const GET = (request: Request) =>
  ask(request, streamParameters, async ({ since }) => {
    if (streamIsFull())
      return problem({ code: 'too-many-requests', detail: 'Too many pages follow the stream already.' });
    // Next answers HEAD with this too, and never reads the body: it would hold its place among the streams for ever.
    if (request.method === 'HEAD') return new Response(null, { headers: HEADERS });
    const last = Number(request.headers.get('last-event-id') ?? since ?? Number.NaN);
    const { service, closing } = webProcess();
    const body = eventStream(service, Number.isSafeInteger(last) && last >= 0 ? last : null, [closing, request.signal]);
    return new Response(body, { headers: HEADERS });
  });
