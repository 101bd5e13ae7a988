import { valuesOf, withClause } from '#lib/query/grammar/index.ts';

/** What is looked after: questions of the grammar, worst first. */
export const MATTERS = ['failed', 'unready', 'unknown'] as const;
export type Matter = (typeof MATTERS)[number];

const STATE_OF: Readonly<Record<Matter, string>> = { failed: 'failed', unready: 'running', unknown: 'unknown' };

/** The question with the matter in it, in place of what it says of state and readiness. */
export const asking = (q: string, matter: Matter): string =>
  matter === 'unready'
    ? withClause(withReady(q), 'state', [STATE_OF.unready])
    : withClause(withClause(q, 'ready', []), 'state', [STATE_OF[matter]]);

/** What is asked of {@link withReady}. */
export const UNREADY_FIELDS: readonly string[] = ['state'];

/** The question whose facet of states counts what runs and is not ready. */
export const withReady = (q: string): string => withClause(q, 'ready', ['no']);

/** Whether the question is about this matter and nothing else of its kind. */
export function isAbout(q: string, matter: Matter): boolean {
  const states = valuesOf(q, 'state');
  const isUnready = valuesOf(q, 'ready').includes('no');
  return states.length === 1 && states[0] === STATE_OF[matter] && isUnready === (matter === 'unready');
}

/** The question without the matter. */
export const withoutMatter = (q: string): string => withClause(withClause(q, 'state', []), 'ready', []);
