import { abortable } from '#lib/runtime/abort.ts';

/**
 * Reads what an adapter delivers without trusting it: an adapter that throws before its first await, never answers or ignores
 * the signal fails here. One that ends because it was aborted must not look like one that has come to its end.
 */
export async function* guarded<T>(start: () => AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  signal.throwIfAborted();
  const iterator = start()[Symbol.asyncIterator]();
  let over = false;
  try {
    for (;;) {
      const next = await abortable(Promise.resolve(iterator.next()), signal);
      signal.throwIfAborted();
      if (next.done) {
        over = true;
        return;
      }
      yield next.value;
    }
  } catch (error) {
    over = !signal.aborted;
    // An adapter may wrap the abort into an error of its own; the signal knows better.
    throw signal.aborted ? signal.reason : error;
  } finally {
    if (!over) leave(iterator);
  }
}

/** Tells the adapter that nobody listens any more, without waiting for it. */
function leave<T>(iterator: AsyncIterator<T>): void {
  try {
    Promise.resolve(iterator.return?.()).catch(() => {});
  } catch {
    // It has nothing to say any more.
  }
}
