import type { Provider } from '#providers/contract.ts';

type Release = () => void;

/** Lets at most `limit` through at a time, the others in the order in which they came. */
class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = Math.max(1, limit);
  }

  enter(signal: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const go = () => {
        signal.removeEventListener('abort', abort);
        resolve(this.#release());
      };
      const abort = () => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      if (this.#free > 0) {
        this.#free--;
        return go();
      }
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(go);
    });
  }

  #release(): Release {
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }
}

/** The caps on calls in flight that each provider's manifest states: over all of its accounts, and per account. */
export class Gates {
  readonly #gates = new Map<string, Gate>();

  /** Waits for a place; the caller gives it back. An account that waits for itself takes no place from the other accounts. */
  async enter(provider: Provider, account: string, signal: AbortSignal): Promise<Release> {
    const ofAccount = await this.#gate(`${provider.id}/${account}`, provider.concurrency.account).enter(signal);
    try {
      const ofProvider = await this.#gate(provider.id, provider.concurrency.provider).enter(signal);
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
