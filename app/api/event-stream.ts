import type { QueryService } from '#lib/web/service.ts';

const MAX_STREAMS = 500;
/** A reader that leaves this many bytes unread is cut off; it comes back and resumes. */
const MAX_UNREAD = 256 * 1024;
const HEARTBEAT_MS = 15_000;

const KEY = Symbol.for('muster.streams');
type Counter = { [KEY]?: number };
const counter = globalThis as Counter;

export const streamIsFull = (): boolean => (counter[KEY] ?? 0) >= MAX_STREAMS;

/** The feed as server-sent events. Ends, and lets go of everything, when the reader leaves, falls behind, or a signal aborts. */
export function eventStream(
  service: QueryService,
  since: number | null,
  signals: readonly AbortSignal[],
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop = (): void => {};
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const signal = AbortSignal.any([...signals]);
        counter[KEY] = (counter[KEY] ?? 0) + 1;
        let open = true;
        const send = (text: string): void => {
          if (!open) return;
          if ((controller.desiredSize ?? 0) < 0) end();
          else controller.enqueue(encoder.encode(text));
        };
        const heartbeat = setInterval(() => send(': alive\n\n'), HEARTBEAT_MS);
        heartbeat.unref();
        let unsubscribe = (): void => {};
        const end = (): void => {
          if (!open) return;
          open = false;
          counter[KEY] = (counter[KEY] ?? 1) - 1;
          clearInterval(heartbeat);
          unsubscribe();
          signal.removeEventListener('abort', end);
          try {
            controller.close();
          } catch {
            // The reader has cancelled: there is nothing left to close.
          }
        };
        stop = end;
        signal.addEventListener('abort', end);
        // Spread the return of all readers after a restart.
        send(`retry: ${1000 + Math.floor(Math.random() * 4000)}\n\n`);
        unsubscribe = service.subscribe(since, (event) =>
          send(`id: ${event.revision}\nevent: change\ndata: ${JSON.stringify(event)}\n\n`),
        );
        if (signal.aborted) end();
      },
      cancel() {
        stop();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD }),
  );
}
