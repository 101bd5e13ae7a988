import type { Scope } from '#lib/model/index.ts';

/**
 * Takes scopes as they are found and hands them on at once: together those that come while the last ones are still being
 * registered, so that a thousand scopes are no thousand transactions.
 */
export class Batcher {
  readonly #take: (scopes: readonly Scope[]) => Promise<void>;
  #waiting: Scope[] = [];
  #working: Promise<void> | null = null;

  /** @param take may fail: what it was given is taken again with the end of the discovery */
  constructor(take: (scopes: readonly Scope[]) => Promise<void>) {
    this.#take = take;
  }

  add(scope: Scope): void {
    this.#waiting.push(scope);
    this.#working ??= this.#work();
  }

  /** Resolves when all that came is taken. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    // What is found in one breath goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const scopes = this.#waiting;
      this.#waiting = [];
      await this.#take(scopes).catch(() => {});
    }
    this.#working = null;
  }
}
