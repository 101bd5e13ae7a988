import { valuesOf, withClause } from '#lib/language/grammar/index.ts';

/** What is looked after: questions of the grammar, worst first. */
export const MATTERS = ['failed', 'unready', 'unknown'] as const;
export type Matter = (typeof MATTERS)[number];

const STATE_OF: Readonly<Record<Matter, string>> = { failed: 'failed', unready: 'running', unknown: 'unknown' };

/** The question without what it lists of state and readiness: that of which the matters are told. */
export const withoutMatter = (q: string): string => withClause(withClause(q, 'state', []), 'ready', []);

/** The same of what is not ready. */
export const ofUnready = (q: string): string => withClause(withoutMatter(q), 'ready', ['no']);

/** What is asked of both: the facet that counts the matters. */
export const MATTER_FIELDS: readonly string[] = ['state'];

/** The question for a matter's rows. */
export const asking = (q: string, matter: Matter): string =>
  withClause(matter === 'unready' ? ofUnready(q) : withoutMatter(q), 'state', [STATE_OF[matter]]);

/** Whether the question lists this matter's rows and nothing else. */
export function isAbout(q: string, matter: Matter): boolean {
  const states = valuesOf(q, 'state');
  const ready = valuesOf(q, 'ready');
  const isUnready = ready.length === 1 && ready[0] === 'no';
  return (
    states.length === 1 && states[0] === STATE_OF[matter] && (matter === 'unready' ? isUnready : ready.length === 0)
  );
}
