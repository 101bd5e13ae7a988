import {
  type DetailError,
  mayBeTakenOver,
  type Reason,
  reasonSchema,
  type Scope,
  type ScopeState,
  type ScopeStatus,
  scopeStateSchema,
  scopeStatusSchema,
  stateAfter,
} from '#lib/model/index.ts';
import type { ScopeRow } from '../schema.ts';
import { fromNullableText, fromText, toNullableText, toText } from '../text.ts';

/** The columns that describe a scope; the others say how it is. */
export function describe(scope: Scope) {
  return {
    id: toText(scope.id),
    provider: toText(scope.provider),
    source: toText(scope.source),
    account: toText(scope.account),
    region: toNullableText(scope.region),
    part: toText(scope.part),
    kind: scope.kind,
    label: toText(scope.label),
  };
}

/** @param history how long is kept, in milliseconds, as the last pruning knew it */
export function toStatus(row: ScopeRow, history: number | null): ScopeStatus {
  const reason =
    row.reason_kind === null
      ? null
      : reasonSchema.parse({ kind: row.reason_kind, message: fromText(row.reason_message ?? '') });
  return scopeStatusSchema.parse({
    id: fromText(row.id),
    provider: fromText(row.provider),
    source: fromText(row.source),
    account: fromText(row.account),
    region: fromNullableText(row.region),
    part: fromText(row.part),
    kind: row.kind,
    label: fromText(row.label),
    state: row.state,
    reason,
    since: row.since,
    ...(row.state === 'gone' && row.since !== null && history !== null
      ? { leavesAt: new Date(Date.parse(row.since) + history).toISOString() }
      : {}),
    lastAttempt: row.last_attempt,
    lastSuccess: row.last_success,
    generation: row.generation,
    count: row.count,
    unreadable: row.unreadable,
    held: row.held,
    detailErrors: JSON.parse(row.detail_errors),
    watched: row.watched === 1,
    interval: row.interval,
  });
}

/** The columns of a scope's state; `since` moves only when the state does. */
export function turn(row: ScopeRow, state: ScopeState, reason: Reason | null, at: string) {
  return {
    state,
    reason_kind: reason?.kind ?? null,
    reason_message: toNullableText(reason?.message ?? null),
    since: row.state === state ? row.since : at,
  };
}

/** The column of the calls that fail: `now` fail, and `still` those that were not asked. One that failed before keeps its time. */
export function failing(row: ScopeRow, now: readonly DetailError[], { still }: { still: boolean }): string {
  const before: DetailError[] = JSON.parse(row.detail_errors);
  const calls = new Set(now.map(({ call }) => call));
  const known = before.filter(({ call }) => still || calls.has(call));
  // Only its time: fields that it had before may be known by now.
  const fresh = now.map((error) => {
    const since = known.find(({ call }) => call === error.call)?.since;
    return since !== undefined && since < error.since ? { ...error, since } : error;
  });
  return JSON.stringify([...known.filter(({ call }) => !calls.has(call)), ...fresh]);
}

export const isLeft = (owner: Pick<ScopeRow, 'state' | 'last_success' | 'interval'>, at: string): boolean =>
  mayBeTakenOver(
    { state: scopeStateSchema.parse(owner.state), lastSuccess: owner.last_success, interval: owner.interval },
    Date.parse(at),
  );

/**
 * How a scope stands that was seen whole.
 * @param count live rows that it owns
 * @param owner of a row that was seen and is another scope's
 */
export function wholeState(
  scope: Pick<ScopeRow, 'source' | 'label'>,
  { count, held, owner }: { count: number; held: number; owner: Pick<ScopeRow, 'source' | 'label'> | undefined },
): { state: ScopeState; reason: Reason | null } {
  if (held > 0) return { state: 'partial', reason: heldReason(held) };
  if (count > 0 || owner === undefined) return { state: 'fresh', reason: null };
  const by = `listed by source ${fromText(owner.source)}${owner.source === scope.source ? ` as ${fromText(owner.label)}` : ''}`;
  return {
    state: stateAfter('other-source', true),
    reason: { kind: 'other-source', message: `${fromText(scope.label)}: ${by}` },
  };
}

export const heldReason = (held: number): Reason => ({
  kind: 'held',
  message: `${held} resources are missing from the last listing, too many at once: kept until a second complete listing agrees`,
});
