import { setImmediate } from 'node:timers/promises';

const ROWS = 250;
const CHARACTERS = 1_000_000;

/**
 * Cuts a long transaction into pieces of some milliseconds, so that timers, sockets and watches of the process go on meanwhile.
 * Counts work instead of time: the pieces are the same on every run.
 */
export class Pace {
  readonly #signal: AbortSignal | undefined;
  #rows = 0;
  #characters = 0;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** Adds one row's work; true when it is time to {@link rest}. */
  step(characters = 0): boolean {
    this.#rows++;
    this.#characters += characters;
    return this.#rows >= ROWS || this.#characters >= CHARACTERS;
  }

  /** @throws the signal's reason when aborted */
  async rest(): Promise<void> {
    this.#rows = 0;
    this.#characters = 0;
    await setImmediate();
    this.#signal?.throwIfAborted();
  }
}
