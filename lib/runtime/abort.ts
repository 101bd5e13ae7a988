/**
 * Settles as `promise` does, or rejects with the signal's reason as soon as it aborts: for a promise that knows no signal, and for
 * foreign code that may ignore it.
 */
export function abortable<T>(promise: PromiseLike<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    // A promise that is left behind still has its handlers: its late rejection troubles nobody.
    promise.then(
      (value) => {
        signal.removeEventListener('abort', abort);
        resolve(value);
      },
      (error) => {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    );
  });
}
