import type { Random } from '#lib/runtime/backoff.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import { createSemaphore, type Semaphore } from '#lib/runtime/semaphore.ts';
import type { Provider } from '#providers/contract.ts';

/** In the order in which they came; but those that failed last time may hang again, so that they together take half of the permits at most. */
const PRIORITIES = { healthy: { rank: 0 }, unhealthy: { rank: 0, restricted: true } } as const;

/** The caps on calls in flight that each provider's manifest states: over all of its accounts, and per account. */
export class Semaphores {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #semaphores = new Map<string, Semaphore<keyof typeof PRIORITIES>>();

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Waits for a permit, which the caller releases by what it is returned. An account that waits for itself takes no permit from the
   * other accounts.
   * @param unhealthy the caller failed last time
   */
  async acquire(provider: Provider, account: string, unhealthy: boolean, signal: AbortSignal): Promise<() => void> {
    const { concurrency } = provider;
    const priority = unhealthy ? 'unhealthy' : 'healthy';
    const ofAccount = await this.#semaphore(`${provider.id}/${account}`, concurrency.account).acquire(priority, signal);
    try {
      const ofProvider = await this.#semaphore(provider.id, concurrency.provider).acquire(priority, signal);
      return () => {
        ofProvider.release();
        ofAccount.release();
      };
    } catch (error) {
      ofAccount.release();
      throw error;
    }
  }

  #semaphore(key: string, limit: number): Semaphore<keyof typeof PRIORITIES> {
    const known = this.#semaphores.get(key);
    if (known) return known;
    const restrictedLimit = Math.floor(limit / 2);
    const made = createSemaphore({
      limit,
      restrictedLimit,
      priorities: PRIORITIES,
      clock: this.#clock,
      random: this.#random,
    });
    this.#semaphores.set(key, made);
    return made;
  }
}
