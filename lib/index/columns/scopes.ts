import type { ScopeState, ScopeStatus } from '#lib/model/index.ts';
import { scopeStateAt } from '#lib/model/index.ts';
import type { Dictionary } from './dictionary.ts';

/** What is known of the scopes, as of the last look at the store. */
export class ScopeTable {
  readonly all: readonly ScopeStatus[];
  readonly #byId: ReadonlyMap<string, ScopeStatus>;

  constructor(all: readonly ScopeStatus[] = []) {
    this.all = all;
    this.#byId = new Map(all.map((scope) => [scope.id, scope]));
  }

  get(id: string): ScopeStatus | undefined {
    return this.#byId.get(id);
  }

  /** `pending` for a scope that the store does not name. */
  stateOf(id: string, now: number): ScopeState {
    const scope = this.#byId.get(id);
    return scope ? scopeStateAt(scope, now) : 'pending';
  }

  /** The state for each code of the column of scopes. */
  statesByCode(dictionary: Dictionary, now: number): ScopeState[] {
    return Array.from({ length: dictionary.size }, (_, code) => this.stateOf(dictionary.spelling(code), now));
  }
}
