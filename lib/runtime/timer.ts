import type { Clock } from './clock.ts';

/** A pause that ends at its moment, or when somebody calls {@link Timer.wake}. */
export class Timer {
  readonly #clock: Clock;
  #pause: AbortController | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#pause?.abort();
  }

  /** @param moment by the monotonic clock @throws the signal's reason when aborted */
  async sleepUntil(moment: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const pause = new AbortController();
    this.#pause = pause;
    const stop = () => pause.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#clock.sleep(Math.max(0, moment - this.#clock.monotonic()), pause.signal);
    } catch (error) {
      if (!pause.signal.aborted) throw error;
    } finally {
      this.#pause = null;
      signal.removeEventListener('abort', stop);
    }
    signal.throwIfAborted();
  }
}
