import type { Clock } from '#providers/contract.ts';

interface Sleeper {
  due: number;
  order: number;
  /** A limit on what goes on meanwhile; nobody sleeps. */
  alarm: boolean;
  wake(): void;
}

/** Lets promises and `setImmediate` callbacks that are ready run. */
async function settle(rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A clock that stands still until a test moves it. Wall and monotonic time move together unless the wall is made to jump. */
export class VirtualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #order = 0;
  #sleepers: Sleeper[] = [];
  #watchers: { count: number; notify(): void }[] = [];
  readonly #rounds: number;

  /**
   * @param start wall time, epoch ms
   * @param rounds turns of the event loop given to the code under test between two moments; raise it where one step awaits
   *   more I/O than that
   */
  constructor(start = Date.parse('2026-11-21T09:00:00Z'), rounds = 4) {
    this.#wall = start;
    this.#rounds = rounds;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return this.#wait(ms, signal, false);
  }

  #wait(ms: number, signal: AbortSignal, alarm: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const leave = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        reject(signal.reason);
      };
      const sleeper: Sleeper = {
        due: this.#monotonic + Math.max(0, ms),
        order: this.#order++,
        alarm,
        wake: () => {
          leave();
          resolve();
        },
      };
      signal.addEventListener('abort', abort);
      this.#sleepers.push(sleeper);
      const asleep = this.sleeping().length;
      for (const watcher of this.#watchers.filter((w) => asleep >= w.count)) watcher.notify();
    });
  }

  alarm(ms: number, ring: () => void): () => void {
    const stop = new AbortController();
    this.#wait(ms, stop.signal, true).then(ring, () => {});
    return () => stop.abort();
  }

  /** Milliseconds until each sleeper wakes, the next one first; alarms are none. */
  sleeping(): number[] {
    const asleep = this.#sleepers.filter(({ alarm }) => !alarm);
    return asleep.map((sleeper) => sleeper.due - this.#monotonic).sort((a, b) => a - b);
  }

  /** Resolves when at least `count` sleep: for tests whose code does real I/O before it sleeps. */
  whenSleeping(count = 1): Promise<void> {
    if (this.sleeping().length >= count) return Promise.resolve();
    return new Promise((resolve) => {
      const watcher = {
        count,
        notify: () => {
          this.#watchers = this.#watchers.filter((other) => other !== watcher);
          resolve();
        },
      };
      this.#watchers.push(watcher);
    });
  }

  /** Lets everything that needs no time happen. */
  async settle(): Promise<void> {
    await settle(this.#rounds);
  }

  /** Moves time forward; each sleeper on the way wakes at its moment and what it starts may sleep and wake in turn. */
  async advance(ms: number): Promise<void> {
    const end = this.#monotonic + ms;
    await settle(this.#rounds);
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#moveTo(next.due);
      next.wake();
      await settle(this.#rounds);
    }
    this.#moveTo(end);
    await settle(this.#rounds);
  }

  /** Moves time from sleeper to sleeper until `promise` settles. Not for code whose sleeps race real I/O. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    for (let idle = 0; idle < 1000; ) {
      await settle(this.#rounds);
      if (settled) return promise;
      const next = this.#next(Number.POSITIVE_INFINITY);
      if (next) {
        this.#moveTo(next.due);
        next.wake();
        idle = 0;
      } else idle++;
    }
    throw new Error('the promise waits for something that is not time');
  }

  /** Sets the wall clock forward or back without any time passing: NTP, an operator, daylight saving. */
  jumpWall(ms: number): void {
    this.#wall += ms;
  }

  #next(end: number): Sleeper | undefined {
    let best: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.due > end) continue;
      if (!best || sleeper.due < best.due || (sleeper.due === best.due && sleeper.order < best.order)) best = sleeper;
    }
    return best;
  }

  #moveTo(monotonic: number): void {
    const step = Math.max(0, monotonic - this.#monotonic);
    this.#monotonic += step;
    this.#wall += step;
  }
}
