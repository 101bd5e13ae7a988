import type { Scope, ScopeStatus } from '#lib/model/index.ts';
import type { WriteStore } from '#lib/store/port.ts';
import type { Clock } from '#providers/contract.ts';
import { accountOf } from '../source.ts';

/** How old what is known of the holders may be. */
const KNOWN_MS = 30_000;

/**
 * Which source lists what two of them have found: one cluster through two kubeconfigs, one account through two roles. A row is owned
 * by the scope that listed it first, so the source that has rows keeps the claim; else the first to ask has it.
 */
export class Claims {
  readonly #holders = new Map<string, { source: string; scope: string }>();
  #statuses: Promise<Map<string, ScopeStatus>> | null = null;
  #readAt = Number.NEGATIVE_INFINITY;

  /** @param known what the store holds as the sync begins */
  constructor(known: readonly ScopeStatus[] = []) {
    const withRows = known.filter(({ state, count }) => state !== 'gone' && count > 0);
    for (const scope of withRows.toSorted((a, b) => b.count - a.count)) this.take(scope);
  }

  /** Claims what the scope lists, unless another source has; answers who has it now: a source, and the id of its scope. */
  take(scope: Scope): { source: string; scope: string } {
    const key = keyOf(scope);
    const holder = this.#holders.get(key) ?? { source: scope.source, scope: scope.id };
    this.#holders.set(key, holder);
    return holder;
  }

  /** The claim goes over to this scope, which can list what its holder fails to. */
  takeOver(scope: Scope): void {
    this.#holders.set(keyOf(scope), { source: scope.source, scope: scope.id });
  }

  /** Its source lists it no more: it is gone there. */
  release(scope: Scope): void {
    const key = keyOf(scope);
    if (this.#holders.get(key)?.source === scope.source) this.#holders.delete(key);
  }

  /** How a scope stands, as the store knew it half a minute ago at most: who waits asks often, and all together ask once. */
  async statusOf(id: string, { store, clock }: { store: WriteStore; clock: Clock }): Promise<ScopeStatus | null> {
    const now = clock.monotonic();
    if (this.#statuses === null || now - this.#readAt >= KNOWN_MS) {
      this.#readAt = now;
      this.#statuses = store.scopes().then((all) => new Map(all.map((status) => [status.id, status])));
    }
    return (await this.#statuses.catch(() => null))?.get(id) ?? null;
  }
}

const keyOf = (scope: Scope): string => JSON.stringify([scope.provider, accountOf(scope), scope.region, scope.part]);
