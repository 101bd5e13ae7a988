/**
 * Runs a job for every item, at most `limit` at a time, and yields results as they come, whichever is ready first. A job that throws
 * ends it all; leaving early starts no more.
 */
export async function* each<T, R>(
  items: Iterable<T>,
  limit: number,
  run: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const waiting = items[Symbol.iterator]();
  const running = new Map<number, Promise<{ key: number; result: R }>>();
  let key = 0;
  const start = (): boolean => {
    const next = waiting.next();
    if (next.done) return false;
    const mine = key++;
    const job = run(next.value).then((result) => ({ key: mine, result }));
    // It may fail while the reader is busy or gone: what it threw is seen when the reader comes back, if it does.
    job.catch(() => {});
    running.set(mine, job);
    return true;
  };
  while (running.size < limit && start());
  while (running.size > 0) {
    const { key: done, result } = await Promise.race(running.values());
    running.delete(done);
    start();
    yield result;
  }
}
