import type { StreamEvent } from '#lib/query/api.ts';
import type { IdentityRequest, PageRequest, QueryProblem, Readiness, TreeRequest } from '#lib/query/service.ts';

/** What the main thread asks the worker. Numbers of export streams are chosen by the main thread. */
export type Call =
  | { method: 'page'; request: PageRequest }
  | { method: 'facets'; q: string; fields: readonly string[] }
  | { method: 'groups'; q: string; by: string }
  | { method: 'detail'; uid: string }
  | { method: 'changes'; request: { q: string; since: number | null; before: number | null; limit: number } }
  | { method: 'scopes' }
  | { method: 'stack'; uid: string }
  | { method: 'machine'; uid: string }
  | { method: 'capacity'; q: string }
  | { method: 'identity'; request: IdentityRequest }
  | { method: 'tree'; request: TreeRequest }
  | { method: 'permissions' }
  | { method: 'open'; stream: number; q: string; sort: string }
  | { method: 'next'; stream: number }
  | { method: 'shut'; stream: number };

export interface Ask {
  id: number;
  call: Call;
}

/** What the worker says. `text` is JSON, so that the main thread can hand it on without reading it. */
export type Said =
  | { type: 'answer'; id: number; text: string }
  | { type: 'problem'; id: number; problem: QueryProblem['problem'] }
  | { type: 'readiness'; readiness: Readiness }
  | { type: 'revision'; event: StreamEvent }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; event: string; fields: Record<string, unknown> };
