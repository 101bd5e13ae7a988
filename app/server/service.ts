import type { Decision, Opinion, Pair } from '#lib/model/index.ts';
import type { QuestionTable } from '#lib/questions/kit/table.ts';
import type { QueryService } from '#lib/web/service.ts';

/** How the page shows a provider: its manifest without configuration and SDK. */
export interface ProviderAppearance {
  id: string;
  label: string;
  /** For a table cell: `AWS`, `K8s`. */
  short: string;
  color: { light: string; dark: string };
  /** Whether it runs containers on the host that it is asked on. */
  isEngine: boolean;
}

/** What the web process has exactly once. Next may load a module twice, so it hangs on globalThis. */
export interface WebProcess {
  service: QueryService;
  /** Read from a folder, which no bundle can do. */
  questions: QuestionTable;
  providers: readonly ProviderAppearance[];
  /** Asks the collector for a new listing of a scope, or of all (`*`). */
  refresh(scope: string): Promise<'accepted' | 'coalesced' | 'unknown' | 'unreachable'>;
  /** Asks the collector to keep what a person says of two resources. `refused`: it says why it did not. */
  decide(
    opinion: Opinion,
  ): Promise<
    { answer: 'accepted'; decision: Decision } | { answer: 'refused'; reason: string } | { answer: 'unreachable' }
  >;
  /** Asks the collector to take that back. `unknown`: nothing was said of this pair. */
  undecide(
    pair: Pair,
  ): Promise<{ answer: 'accepted' | 'unknown' } | { answer: 'refused'; reason: string } | { answer: 'unreachable' }>;
  /** Aborts when the process begins to shut down: streams end themselves. */
  closing: AbortSignal;
}

const KEY = Symbol.for('muster.web');
type Holder = { [KEY]?: WebProcess };

export function setWebProcess(web: WebProcess): void {
  (globalThis as Holder)[KEY] = web;
}

export function webProcess(): WebProcess {
  const web = (globalThis as Holder)[KEY];
  if (!web) throw new Error('the web process has not been set up: start it with app/server/main.ts');
  return web;
}

/** The one query service of this process. */
export const queryService = (): QueryService => webProcess().service;
