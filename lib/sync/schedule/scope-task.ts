import type { Scope } from '#lib/model/index.ts';

export type Refresh = 'accepted' | 'coalesced';

/** Keeps one scope current until its signal aborts. */
export interface ScopeTask {
  scope: Scope;
  run(signal: AbortSignal): Promise<void>;
  refresh(): Refresh;
}
