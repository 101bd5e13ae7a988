import { z } from 'zod';
import { detailErrorSchema } from './detail.ts';
import { ERROR_KINDS } from './error-kind.ts';
import { timestampSchema } from './resource.ts';
import { kindSchema } from './state.ts';
import { SCOPE_STATES } from './vocabulary.ts';

/** The smallest unit that is listed whole. Freshness, errors and removal belong to a scope. */
export const scopeSchema = z.object({
  /** `<source>/<account>/<region or *>/<part>`, see {@link scopeId}. */
  id: z.string().min(1),
  provider: z.string().min(1),
  source: z.string().min(1),
  /** AWS account, GCP project, Azure subscription, Kubernetes cluster. `*`: all that the credential of its source may see. */
  account: z.string().min(1),
  /** `null` where one listing covers all regions. */
  region: z.string().nullable(),
  /** What is listed, in the provider's word: `instances`, `scale-set-vms`, `pods`, `nodes`. */
  part: z.string().min(1),
  kind: kindSchema,
  /** Short, for people: `123456789012 eu-south-1`. */
  label: z.string().min(1),
});
export type Scope = z.infer<typeof scopeSchema>;

/** A scope of this part stands for what is not discovered yet: it may have rows of any kind in any place. */
export const DISCOVERY = 'discovery';

/** Whether the account of a scope is a cluster: it lists pods or nodes, or is found by other ways than the VMs of an account. */
export const isOfCluster = ({ part, kind }: Pick<Scope, 'part' | 'kind'>): boolean =>
  part === 'pods' || part === 'nodes' || (part === DISCOVERY && kind === 'host');

/** Builds a scope's id; `/` inside a part of it is escaped so that two scopes never share an id. */
export function scopeId(source: string, account: string, region: string | null, part: string): string {
  return [source, account, region ?? '*', part].map((s) => s.replaceAll('%', '%25').replaceAll('/', '%2F')).join('/');
}

/**
 * Why the last attempt was not complete: an error kind, or one of the sync's own reasons. `other-source` is none: another source lists
 * the same, so that this scope has no rows of its own.
 */
export const reasonSchema = z.object({
  kind: z.enum([...ERROR_KINDS, 'cancelled', 'deadline', 'partial', 'unreadable', 'held', 'other-source', 'internal']),
  /** One line that names the place and what to do; never a secret. */
  message: z.string(),
});
export type Reason = z.infer<typeof reasonSchema>;

export { SCOPE_STATES };
export const scopeStateSchema = z.enum(SCOPE_STATES);
export type ScopeState = z.infer<typeof scopeStateSchema>;

export const scopeStatusSchema = scopeSchema.extend({
  state: scopeStateSchema,
  reason: reasonSchema.nullable(),
  /** Since when the state is what it is. */
  since: timestampSchema.nullable(),
  /** Only of a scope that is gone: from when on the next daily pruning takes its rows away. */
  leavesAt: timestampSchema.optional(),
  lastAttempt: timestampSchema.nullable(),
  /** End of the last complete listing, or last sign of life of a watch that follows one. */
  lastSuccess: timestampSchema.nullable(),
  /** Number of the last committed listing; 0 before the first. */
  generation: z.number().int().nonnegative(),
  /** Live resources the scope owns. */
  count: z.number().int().nonnegative(),
  /** Rows of the last listing that could not be understood. */
  unreadable: z.number().int().nonnegative(),
  /** Resources whose removal waits for a second complete listing. */
  held: z.number().int().nonnegative(),
  /** Calls beside the list that fail: what only they tell is older than the rows, or not known. They do not change the state. */
  detailErrors: z.array(detailErrorSchema).default([]),
  /** True where a watch keeps it current. */
  watched: z.boolean(),
  /** Milliseconds between listings; older than twice this is stale. */
  interval: z.number().int().positive(),
});
export type ScopeStatus = z.infer<typeof scopeStatusSchema>;

/** The state as a reader at `now` (epoch ms) must see it: `fresh` turns `stale` by age alone, even when no collector runs. */
export function scopeStateAt(status: ScopeStatus, now: number): ScopeState {
  if (status.state !== 'fresh' || status.lastSuccess === null) return status.state;
  return now - Date.parse(status.lastSuccess) > 2 * status.interval ? 'stale' : 'fresh';
}

/**
 * Whether another scope that lists the same may have this one's rows at `at` (epoch ms): it is gone, lists nothing of its own, or
 * fails for so long that its rows are stale. One that only was not asked yet keeps them.
 */
export function mayBeTakenOver(status: Pick<ScopeStatus, 'state' | 'lastSuccess' | 'interval'>, at: number): boolean {
  switch (status.state) {
    case 'fresh':
    case 'pending':
      return false;
    case 'gone':
    case 'duplicate':
      return true;
    default:
      return status.lastSuccess === null || at - Date.parse(status.lastSuccess) > 2 * status.interval;
  }
}

/** The state of a scope whose last attempt failed for this reason. `seen`: the attempt delivered rows before it broke off. */
export function stateAfter(kind: Reason['kind'], seen: boolean): ScopeState {
  switch (kind) {
    case 'auth':
    case 'permission':
      return 'denied';
    case 'rate-limit':
      return 'throttled';
    case 'disabled':
      return 'off';
    case 'partial':
    case 'unreadable':
    case 'held':
      return 'partial';
    case 'other-source':
      return 'duplicate';
    case 'timeout':
    case 'network':
    case 'bad-reply':
    case 'config':
    case 'unsupported':
    case 'deadline':
    case 'cancelled':
    case 'internal':
      return seen ? 'partial' : 'unreachable';
    default:
      return kind satisfies never;
  }
}
