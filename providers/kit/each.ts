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
    running.set(
      mine,
      run(next.value).then((result) => ({ key: mine, result })),
    );
    return true;
  };
  try {
    while (running.size < limit && start());
    while (running.size > 0) {
      const { key: done, result } = await Promise.race(running.values());
      running.delete(done);
      start();
      yield result;
    }
  } finally {
    // Whoever is still at work has nobody left who listens.
    for (const job of running.values()) job.catch(() => {});
  }
}
