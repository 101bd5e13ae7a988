import type { Freshness } from '#lib/api/resources.ts';
import type { Clause, Value } from '#lib/language/grammar/ast.ts';
import { fold, matches } from '#lib/language/grammar/pattern.ts';
import type { ScopeState, ScopeStatus } from '#lib/model/index.ts';
import { DISCOVERY, isOfCluster, scopeStateAt } from '#lib/model/index.ts';
import type { Snapshot } from '../filter/clause.ts';
import type { Selection } from '../filter/selection.ts';
import { compareText } from '../order/sorted-keys.ts';

/** Problems named at most. */
const MOST = 20;

/** What a reader should hear of first. */
const WORST_FIRST: readonly ScopeState[] = [
  'denied',
  'unreachable',
  'reconnecting',
  'throttled',
  'partial',
  'stale',
  'pending',
  'gone',
  'off',
  'duplicate',
  'fresh',
];

/**
 * How complete and how old a selection is. Behind it stand the scopes of its rows, and those without a row in it that the question
 * does not rule out: a denied region has nothing to show, and just that must be said.
 */
export function freshnessOf(selection: Selection, clauses: readonly Clause[], snapshot: Snapshot): Freshness {
  const { scopes, now } = snapshot;
  const counts = countsByScope(selection, snapshot);
  const behind = scopes.all.filter((scope) => counts.has(scope.id) || (scope.state !== 'gone' && fits(scope, clauses)));
  const byState: Partial<Record<ScopeState, number>> = {};
  let oldest: string | null = null;
  let isComplete = true;
  const problems: { scope: ScopeStatus; state: ScopeState }[] = [];
  for (const scope of behind) {
    const state = scopeStateAt(scope, now);
    byState[state] = (byState[state] ?? 0) + 1;
    // A service that is switched off has nothing to list, what another source lists is counted there, and both are known.
    if ((state === 'off' || state === 'duplicate') && scope.count === 0) continue;
    if (state !== 'fresh') problems.push({ scope, state });
    if (scope.lastSuccess === null) isComplete = false;
    else if (oldest === null || scope.lastSuccess < oldest) oldest = scope.lastSuccess;
  }
  let fresh = 0;
  for (const [id, count] of counts) if (scopes.stateOf(id, now) === 'fresh') fresh += count;
  problems.sort(
    (a, b) =>
      WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state) ||
      b.scope.count - a.scope.count ||
      compareText(a.scope.id, b.scope.id),
  );
  return {
    scopes: byState,
    fresh,
    total: selection.total,
    oldest: isComplete ? oldest : null,
    problems: problems.slice(0, MOST).map(({ scope, state }) => ({
      id: scope.id,
      provider: scope.provider,
      label: scope.label,
      state,
      reason: scope.reason,
      since: scope.since,
      lastSuccess: scope.lastSuccess,
      count: scope.count,
    })),
  };
}

function countsByScope(selection: Selection, { table }: Snapshot): Map<string, number> {
  const column = table.codesOf('scope');
  const counts = selection.countsOf(column);
  const byId = new Map<string, number>();
  for (let code = 0; code < counts.length; code++) {
    const count = counts[code] ?? 0;
    if (count > 0) byId.set(column.dictionary.spelling(code), count);
  }
  return byId;
}

/** What a scope says of all its rows before one is read; null where it says nothing, '' where they have no value. */
function said(scope: ScopeStatus, field: string): string | null {
  const isKnown = scope.part !== DISCOVERY;
  switch (field) {
    case 'provider':
    case 'source':
      return scope[field];
    case 'kind':
    case 'region':
      return isKnown ? scope[field] : null;
    case 'scope':
      return scope.id;
    case 'account':
      // One listing of all projects, whose rows say which is theirs.
      return isOfCluster(scope) || scope.account === '*' ? null : scope.account;
    case 'cluster':
      // Rows say the cluster's name, its scope only its uid; a VM says the cluster that it is a node of.
      return isOfCluster(scope) || scope.kind === 'vm' || !isKnown ? null : '';
    default:
      return null;
  }
}

/** False if a clause rules out that the scope has a row of the answer. */
function fits(scope: ScopeStatus, clauses: readonly Clause[]): boolean {
  return clauses.every((clause) => {
    const value = clause.type === 'field' ? said(scope, clause.field) : null;
    if (clause.type === 'word' || value === null) return true;
    return clause.values.some((wanted) => holds(wanted, fold(value))) !== clause.negated;
  });
}

function holds(value: Value, text: string): boolean {
  if (value.type === 'any') return text !== '';
  if (value.type === 'unset') return text === '';
  return value.type === 'pattern' && matches(value.parts.map(fold), text);
}
