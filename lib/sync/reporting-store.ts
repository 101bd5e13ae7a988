import { StaleGeneration, type WriteStore } from '#lib/store/port.ts';

/**
 * The same store, which calls `failed` when it fails itself: a full disk, a damaged file, a row that it cannot take. What it
 * refuses by design, and what was aborted, is no failure.
 */
export function reportingStore(store: WriteStore, failed: (error: unknown) => void): WriteStore {
  const report = async <T>(work: Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof StaleGeneration) && !signal?.aborted) failed(error);
      throw error;
    }
  };
  return {
    registerScopes: (source, scopes, options) => report(store.registerScopes(source, scopes, options)),
    retainSources: (sources, at) => report(store.retainSources(sources, at)),
    scopes: () => report(store.scopes()),
    nextGeneration: (scope) => report(store.nextGeneration(scope)),
    commit: (listing, options) => report(store.commit(listing, options), options.signal),
    apply: (scope, upserts, at) => report(store.apply(scope, upserts, at)),
    unlisted: (uids, scope, at) => report(store.unlisted(uids, scope, at)),
    mark: (scope, state, reason, at) => report(store.mark(scope, state, reason, at)),
    decide: (pair, decision) => report(store.decide(pair, decision)),
    sawPermissions: (seen) => report(store.sawPermissions(seen)),
    keptAnswer: (source, key) => report(store.keptAnswer(source, key)),
    keepAnswer: (source, key, answer) => report(store.keepAnswer(source, key, answer)),
    prune: (before, at) => report(store.prune(before, at)),
    close: () => report(store.close()),
  };
}
