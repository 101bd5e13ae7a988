import type { Upsert } from '#lib/store/port.ts';
import type { Clock } from '#providers/contract.ts';

/** So that a change is committed within 500 ms of its event. */
const GATHER_MS = 250;
/** As many origins as this are written without waiting for the clock, and the stream waits for the write. */
const MOST_OBJECTS = 2_000;

/**
 * Gathers what a watch says and writes it in one transaction. What could not be written stays, in its order: a watch that resumes
 * will not say it again.
 */
export class UpsertBuffer {
  readonly #clock: Clock;
  readonly #write: (upserts: readonly Upsert[]) => Promise<void>;
  readonly #failed: (error: unknown) => void;
  readonly #signal: AbortSignal;
  #upserts = new Map<string, Upsert>();
  #timer = false;
  #confirms = false;
  #writing: Promise<void> = Promise.resolve();

  /** @param failed told of a write that the clock began; one that a caller awaits rejects instead */
  constructor(
    clock: Clock,
    signal: AbortSignal,
    write: (upserts: readonly Upsert[]) => Promise<void>,
    failed: (error: unknown) => void,
  ) {
    this.#clock = clock;
    this.#signal = signal;
    this.#write = write;
    this.#failed = failed;
  }

  /** The last word on an origin counts. */
  async add(upsert: Upsert): Promise<void> {
    this.#upserts.delete(upsert.objectId);
    this.#upserts.set(upsert.objectId, upsert);
    if (this.#upserts.size >= MOST_OBJECTS) return this.flush();
    this.#flushSoon();
  }

  /** Writes in a moment, without a put too: a stream that lives again confirms its scope, unless it says at once that it missed something. */
  confirm(): void {
    this.#confirms = true;
    this.#flushSoon();
  }

  /** Takes a {@link confirm} back that was not written. */
  withdraw(): void {
    this.#confirms = false;
  }

  #flushSoon(): void {
    if (this.#timer) return;
    this.#timer = true;
    this.#clock
      .sleep(GATHER_MS, this.#signal)
      .then(() => {
        // From here on a new put needs a new alarm: this write may have begun without it.
        this.#timer = false;
        return this.flush();
      })
      .catch((error) => {
        if (!this.#signal.aborted) this.#failed(error);
      });
  }

  /** Forgets what is not written: a new listing knows better. */
  clear(): void {
    this.#upserts.clear();
  }

  /** Writes what is there after what is being written. */
  flush(): Promise<void> {
    const flushed = this.#writing.then(async () => {
      if (this.#upserts.size === 0 && !this.#confirms) return;
      this.#confirms = false;
      const upserts = this.#upserts;
      this.#upserts = new Map();
      try {
        await this.#write([...upserts.values()]);
      } catch (error) {
        this.#upserts = new Map([
          ...[...upserts].filter(([objectId]) => !this.#upserts.has(objectId)),
          ...this.#upserts,
        ]);
        throw error;
      }
    });
    this.#writing = flushed.catch(() => {});
    return flushed;
  }
}
