import type { PermissionsSeen, ScopeStatus } from '#lib/model/index.ts';
import type { Changes, Facets, Groups, Item, Problem, ResourceDetail, ResourcePage, StreamEvent } from './api.ts';
import type { Capacity, IdentityReport, Machine, StackAnswer, TreePage } from './stack-api.ts';

/** Where the page of a result begins: at a row by number (random access) or behind a cursor (stable under changes). */
export interface PageRequest {
  q: string;
  /** Field key, `-` in front for descending; the grammar's `sort:` wins. Empty = name. Every order ends in the uid. */
  sort: string;
  limit: number;
  start: { offset: number } | { cursor: string } | null;
}

/** Which offers of pairs to tell, and how many. */
export interface IdentityRequest {
  confidence: 'likely' | 'possible';
  limit: number;
  offset: number;
}

export interface TreeRequest {
  q: string;
  /** As of {@link PageRequest}: what stands beside each other is in this order, machines by the row that stands for them. */
  sort: string;
  /** Uid of any row of the machine; null for the roots. */
  parent: string | null;
  limit: number;
  offset: number;
}

/** Whether questions can be answered. While building, `done` of `total` rows are in. `failed` names the next step. */
export type Readiness =
  | { state: 'building'; done: number; total: number }
  | { state: 'ready'; revision: number; resources: number }
  | { state: 'failed'; message: string };

/** Thrown for a question that cannot be answered; the API turns it into problem+json as it is. */
export class QueryProblem extends Error {
  override readonly name = 'QueryProblem';
  readonly problem: Omit<Problem, 'type' | 'title' | 'status'>;
  constructor(problem: Omit<Problem, 'type' | 'title' | 'status'>) {
    super(problem.detail);
    this.problem = problem;
  }
}

/**
 * Everything the web may ask. The work happens in a worker thread; answers are plain data. `*Json` methods give the JSON text of
 * the same answer, so that the main thread neither parses nor builds it.
 */
export interface QueryService {
  readiness(): Readiness;
  /** Resolves when the index can answer; rejects if it failed. */
  ready(): Promise<void>;
  page(request: PageRequest): Promise<ResourcePage>;
  pageJson(request: PageRequest): Promise<string>;
  detail(uid: string): Promise<ResourceDetail | null>;
  facets(q: string, fields: readonly string[]): Promise<Facets>;
  facetsJson(q: string, fields: readonly string[]): Promise<string>;
  groups(q: string, by: string): Promise<Groups>;
  groupsJson(q: string, by: string): Promise<string>;
  /** Null if there is no such live resource. */
  stack(uid: string): Promise<StackAnswer | null>;
  machine(uid: string): Promise<Machine | null>;
  /** Why the figures of a result are what they are. */
  capacity(q: string): Promise<Capacity>;
  identity(request: IdentityRequest): Promise<IdentityReport>;
  tree(request: TreeRequest): Promise<TreePage>;
  permissions(): Promise<PermissionsSeen[]>;
  changes(request: { q: string; since: number | null; before: number | null; limit: number }): Promise<Changes>;
  scopes(): Promise<{ scopes: ScopeStatus[]; revision: number }>;
  /** The whole result in the given order, in chunks, as of one revision. */
  rows(q: string, sort: string, signal: AbortSignal): AsyncIterable<Item[]>;
  /** Calls back for each new revision after `since`; returns the unsubscribe. A listener that throws is dropped. */
  subscribe(since: number | null, listener: (event: StreamEvent) => void): () => void;
  close(): Promise<void>;
}
