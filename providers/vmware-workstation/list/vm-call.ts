import type { DetailError, DetailField } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError, pauseAfter } from '#providers/kit/details/detail-failure.ts';
import type { DetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { each } from '#providers/kit/each.ts';
import { RefusedByVmrest } from '../client/refused.ts';

/** Requests at once: vmrest is a small server beside somebody's work. */
export const CONCURRENCY = 4;
/** Failures in a row, over all VMs, after which it is the call that fails and not a VM. */
const MANY = 2 * CONCURRENCY;

interface Failure {
  count: number;
  /** Monotonic. */
  until: number;
}

export interface VmCallOptions<T> {
  /** As the policy spells it; of several that make one answer, what an error names that names none itself. */
  action: string;
  /** What only this call tells of a row. */
  fields: readonly DetailField[];
  /** How long an answer holds. */
  ttlMs: number;
  place: string;
  /** @throws ProviderError, `bad-reply` for an answer of another shape */
  load(id: string, call: Call): Promise<T>;
}

/** One call that is made for each VM: a VM that is encrypted or in somebody's hands costs its own fields, and no listing. */
export interface VmCall<T> {
  /** Answers by id; none for a VM that could not be asked. */
  of(ids: readonly string[], call: Call): Promise<ReadonlyMap<string, T>>;
  readonly fields: readonly DetailField[];
  /** Why some have none; null where all have. */
  error(): DetailError | null;
  forget(ids: Iterable<string>): void;
  /** Drops what is known of other VMs. */
  keep(ids: ReadonlySet<string>): void;
}

export function createVmCall<T>(options: VmCallOptions<T>, calls: DetailCalls, env: Environment): VmCall<T> {
  const { action, fields, ttlMs, place, load } = options;
  const { clock, log } = env;
  const held = new Map<string, { value: T; at: number }>();
  const failed = new Map<string, Failure>();
  /** Of the call as such. */
  let down: Failure | null = null;
  let streak = 0;
  let error: DetailError | null = null;

  const rests = (failure: Failure | null | undefined): boolean => failure != null && clock.monotonic() < failure.until;
  const again = (failure: ProviderError, before: Failure | null | undefined): Failure => {
    const count = (before?.count ?? 0) + 1;
    return { count, until: clock.monotonic() + pauseAfter(failure, count) };
  };

  async function ask(id: string, call: Call): Promise<void> {
    if (rests(failed.get(id))) return;
    if (down && rests(down)) {
      failed.set(id, failed.get(id) ?? { count: 0, until: down.until });
      return;
    }
    const answer = await calls.attempt(place, call, (by) => load(id, by));
    if (!(answer instanceof ProviderError)) {
      streak = 0;
      down = null;
      failed.delete(id);
      if (failed.size === 0) error = null;
      held.set(id, { value: answer.value, at: clock.monotonic() });
      return;
    }
    held.delete(id);
    // Gone since the list: only the next one tells.
    if (answer instanceof RefusedByVmrest && answer.status === 404) return;
    failed.set(id, again(answer, failed.get(id)));
    if (!rests(down) && ++streak >= MANY) down = again(answer, down);
    const asked = answer.of(action).action ?? action;
    error = detailError(asked, fields, answer, error?.since ?? new Date(clock.now()).toISOString());
    log.warn('detail.unavailable', { action: asked, account: place, kind: answer.kind, kept: false });
  }

  return {
    fields,
    async of(ids, call) {
      const holds = (id: string): boolean => {
        const known = held.get(id);
        return known !== undefined && clock.monotonic() - known.at < ttlMs;
      };
      for await (const _ of each(
        ids.filter((id) => !holds(id)),
        CONCURRENCY,
        (id) => ask(id, call),
      ));
      return new Map(
        ids.flatMap((id) => {
          const known = held.get(id);
          return known ? [[id, known.value] as const] : [];
        }),
      );
    },
    error: () => error,
    forget(ids) {
      for (const id of ids) {
        held.delete(id);
        // What it refused in its last state it may tell in this one.
        failed.delete(id);
      }
    },
    keep(ids) {
      for (const id of held.keys()) if (!ids.has(id)) held.delete(id);
      for (const id of failed.keys()) if (!ids.has(id)) failed.delete(id);
      if (failed.size === 0) error = null;
    },
  };
}
