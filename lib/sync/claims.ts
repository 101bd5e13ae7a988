import type { Scope, ScopeStatus } from '#lib/model/index.ts';
import { accountOf } from './account.ts';

/**
 * Which source lists what two of them have found: one cluster through two kubeconfigs, one account through two roles. A row is owned
 * by the scope that listed it first, so the source that has rows keeps the claim; else the first to ask has it.
 */
export class Claims {
  readonly #holders = new Map<string, string>();

  /** @param known what the store holds as the sync begins */
  constructor(known: readonly ScopeStatus[] = []) {
    const withRows = known.filter(({ state, count }) => state !== 'gone' && count > 0);
    for (const scope of withRows.toSorted((a, b) => b.count - a.count)) this.take(scope);
  }

  /** Claims what the scope lists, unless another source has; answers which source has it now. */
  take(scope: Scope): string {
    const key = keyOf(scope);
    const holder = this.#holders.get(key) ?? scope.source;
    this.#holders.set(key, holder);
    return holder;
  }

  /** Its source lists it no more: it is gone there. */
  release(scope: Scope): void {
    const key = keyOf(scope);
    if (this.#holders.get(key) === scope.source) this.#holders.delete(key);
  }
}

const keyOf = (scope: Scope): string => JSON.stringify([scope.provider, accountOf(scope), scope.region, scope.part]);
