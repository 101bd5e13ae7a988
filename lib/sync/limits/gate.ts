import type { Provider } from '#providers/contract.ts';

type Release = () => void;

interface Waiting {
  frail: boolean;
  go(): void;
}

/**
 * Lets at most `limit` through at a time, the others in the order in which they came. Those that failed last time (`frail`) may
 * hang again: together they take half of the places at most, so that what works does not wait for what does not.
 */
class Gate {
  readonly #limit: number;
  readonly #frailLimit: number;
  #inside = 0;
  #frailInside = 0;
  #waiting: Waiting[] = [];

  constructor(limit: number) {
    this.#limit = Math.max(1, limit);
    this.#frailLimit = Math.max(1, Math.floor(this.#limit / 2));
  }

  enter(frail: boolean, signal: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        frail,
        go: () => {
          signal.removeEventListener('abort', abort);
          resolve(this.#occupy(frail));
        },
      };
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
  }

  #occupy(frail: boolean): Release {
    this.#inside++;
    if (frail) this.#frailInside++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#inside--;
      if (frail) this.#frailInside--;
      this.#admit();
    };
  }

  #admit(): void {
    while (this.#inside < this.#limit) {
      const frailMay = this.#frailInside < this.#frailLimit;
      const index = this.#waiting.findIndex(({ frail }) => !frail || frailMay);
      if (index < 0) return;
      const [next] = this.#waiting.splice(index, 1);
      next?.go();
    }
  }
}

/** The caps on calls in flight that each provider's manifest states: over all of its accounts, and per account. */
export class Gates {
  readonly #gates = new Map<string, Gate>();

  /**
   * Waits for a place; the caller gives it back. An account that waits for itself takes no place from the other accounts.
   * @param frail the caller failed last time
   */
  async enter(provider: Provider, account: string, frail: boolean, signal: AbortSignal): Promise<Release> {
    const { concurrency } = provider;
    const ofAccount = await this.#gate(`${provider.id}/${account}`, concurrency.account).enter(frail, signal);
    try {
      const ofProvider = await this.#gate(provider.id, concurrency.provider).enter(frail, signal);
      return () => {
        ofProvider();
        ofAccount();
      };
    } catch (error) {
      ofAccount();
      throw error;
    }
  }

  #gate(key: string, limit: number): Gate {
    const gate = this.#gates.get(key) ?? new Gate(limit);
    this.#gates.set(key, gate);
    return gate;
  }
}
