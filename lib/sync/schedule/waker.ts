import type { Clock } from '#providers/contract.ts';

/** A sleep that ends at its moment or when somebody calls {@link Waker.wake}. */
export class Waker {
  readonly #clock: Clock;
  #alarm: AbortController | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#alarm?.abort();
  }

  /** @throws the signal's reason when aborted */
  async sleepUntil(moment: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const alarm = new AbortController();
    this.#alarm = alarm;
    const stop = () => alarm.abort();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.#clock.sleep(Math.max(0, moment - this.#clock.monotonic()), alarm.signal);
    } catch (error) {
      if (!alarm.signal.aborted) throw error;
    } finally {
      this.#alarm = null;
      signal.removeEventListener('abort', stop);
    }
    signal.throwIfAborted();
  }
}
