import type {
  Change,
  Decision,
  DetailError,
  JsonValue,
  Listing,
  PermissionsSeen,
  Reason,
  Resource,
  Scope,
  ScopeState,
  ScopeStatus,
  Unknowns,
} from '#lib/model/index.ts';

/** What one commit did to the rows of its scope. */
export interface CommitResult {
  /** Revision after the commit; unchanged if nothing changed. */
  revision: number;
  appeared: number;
  changed: number;
  /** Seen as they were; only their raw detail may be another, which is kept and is no change. */
  unchanged: number;
  disappeared: number;
  /** Rows of the scope that a complete listing missed, too many at once: kept until a second complete listing agrees. */
  held: number;
  /** Uids listed here that another scope owns; left as they are. */
  foreign: number;
}

/** A change of one provider object seen by a watch: its rows are now exactly these. */
export interface Upsert {
  objectId: string;
  resources: readonly Resource[];
  /** As in a listing: these fields of these rows could not be looked up, and these calls failed. */
  unknown?: Unknowns;
  detailErrors?: readonly DetailError[];
}

/** A small answer of a source that outlives the process. */
export interface KeptAnswer {
  value: JsonValue;
  /** Epoch ms. */
  at: number;
}

/** Kept answers are small and few: what is larger is not kept, and of more the oldest leave. */
export const KEPT_ANSWERS = { characters: 1_000_000, ofSource: 1_000 } as const;

/** Above how many disappearances at once a complete listing needs a second one; `live` is the scope's count. */
export type RemovalLimit = (live: number) => number;

/** Thrown by a commit whose generation is not newer than the scope's: a later run has won. */
export class StaleGeneration extends Error {
  override readonly name = 'StaleGeneration';
}

/** The collector's side. One writer at a time; every method is one transaction and either happens whole or not at all. */
export interface WriteStore {
  /**
   * Registers scopes (new ones `pending`); a registered scope of `source` that is not in the list becomes `gone`, its rows stay,
   * unless these are only some of them (`more`): then the others are left as they are.
   */
  registerScopes(
    source: string,
    scopes: readonly Scope[],
    options: { interval: number; at: number; more?: boolean },
  ): Promise<void>;
  /**
   * Sources that are no longer configured: their scopes become `gone`, their rows stay and say so; their permissions and kept
   * answers are forgotten.
   */
  retainSources(sources: readonly string[], at: number): Promise<void>;
  scopes(): Promise<ScopeStatus[]>;
  /**
   * The next generation of a scope; numbers rise, also over restarts. One that was handed out and not committed may be handed
   * out again by the next process: its holder is gone.
   */
  nextGeneration(scope: string): Promise<number>;
  /**
   * Upserts what was seen and, with a CompleteListing only, removes what was not; sets the scope's status; records changes.
   * Fields that the listing calls `unknown` keep their stored values. The scope's `detailErrors` are those of a complete listing, an
   * incomplete one adds its own; one that was there before keeps its `since`.
   * Long commits yield to the event loop between statements. `at` is epoch ms.
   * @throws StaleGeneration also for a scope that is `gone`
   * @throws TypeError for a resource whose scope is not the listing's
   * @throws the signal's reason when aborted; nothing has happened then
   */
  commit(
    listing: Listing,
    options: { generation: number; at: number; limit: RemovalLimit; signal?: AbortSignal },
  ): Promise<CommitResult>;
  /**
   * Applies what a watch reported since the last complete listing of the scope, and confirms the scope at `at`: it is `fresh` and
   * `watched` until the next commit or mark. A scope that was never listed whole, whose last listing has gaps, or that was
   * marked `partial` since, is not confirmed by it; its rows are applied all the same. The upserts' `detailErrors` are added.
   * @throws StaleGeneration for a scope that is `gone`
   */
  apply(scope: string, upserts: readonly Upsert[], at: number): Promise<CommitResult>;
  /** Those of these uids of which no other scope has a live row that it keeps current, as of `at` (epoch ms). */
  unlisted(uids: readonly string[], scope: string, at: number): Promise<string[]>;
  /** Records a failed attempt that saw nothing, or a state without rows; touches no row. A scope that is `gone` stays so. */
  mark(scope: string, state: ScopeState, reason: Reason | null, at: number): Promise<void>;
  /**
   * Deletes changes and tombstones older than `before` (epoch ms), in pieces. Rows of a scope that has been `gone` since before
   * then disappear at `at`, recorded as such; a gone scope without rows is deleted. No other live row is touched. The time between
   * the two is remembered: it says when the rows of a gone scope leave.
   * @returns how many changes, tombstones, rows and scopes went
   */
  prune(before: number, at: number): Promise<number>;
  /**
   * Keeps what a person said about two resources, in place of what was said of this pair before; null takes it back. It touches no
   * row but is a new revision, so that readers see it. Neither resource need exist.
   * @returns whether there was anything to take back, true for a decision
   */
  decide(pair: { a: string; b: string }, decision: Decision | null): Promise<boolean>;
  /** What was seen of a source's permissions, in place of what was seen before; no revision. */
  sawPermissions(seen: PermissionsSeen): Promise<void>;
  /** What is kept of a source under this key; null where nothing is. */
  keptAnswer(source: string, key: string): Promise<KeptAnswer | null>;
  /** Keeps a small answer in place of what was kept under its key, within {@link KEPT_ANSWERS}; no revision. */
  keepAnswer(source: string, key: string, answer: KeptAnswer): Promise<void>;
  close(): Promise<void>;
}

/** Thrown by a feed that was asked from before what is pruned: some removals are unknown, the reader must scan again. */
export class FeedGap extends Error {
  override readonly name = 'FeedGap';
}

/** A row as a reader gets it: without raw detail, with the store's own facts. */
export interface StoredResource {
  resource: Omit<Resource, 'raw'>;
  /** Revision of its last change. */
  seq: number;
  /** ISO 8601. */
  firstSeen: string;
  /**
   * ISO 8601; last time a listing or watch saw it. A complete listing or a watch confirms all rows of its scope at once, which
   * is no change of theirs: later, a row that came by scan or feed was last seen at its scope's `lastSuccess`.
   */
  lastSeen: string;
  /** ISO 8601 when it disappeared, null while it is live. */
  removedAt: string | null;
}

/** The web's side: reads only, may run in another process. */
export interface ReadStore {
  /** The newest committed revision; cheap enough to ask ten times a second. */
  revision(): Promise<number>;
  /** Number of live resources, for progress. */
  count(): Promise<number>;
  /** Live resources as of one revision, in chunks: the index is built from it. */
  scan(chunk: number): AsyncIterable<StoredResource[]>;
  /**
   * Rows changed after `seq` in order of seq, removed ones included; at most `limit`. Complete up to the last row's seq.
   * To follow a scan, start from the {@link revision} read before it.
   * @throws FeedGap
   */
  feed(seq: number, limit: number): Promise<StoredResource[]>;
  resource(uid: string): Promise<{ row: StoredResource; raw: JsonValue } | null>;
  rows(uids: readonly string[]): Promise<StoredResource[]>;
  /** Newest first. `since` is a seq (exclusive). */
  changes(filter: { uid?: string; since?: number; before?: number; limit: number }): Promise<Change[]>;
  scopes(): Promise<ScopeStatus[]>;
  /** All of them, ordered by a, then b. */
  decisions(): Promise<Decision[]>;
  /** By source, those that are configured no more left out. */
  permissions(): Promise<PermissionsSeen[]>;
  close(): Promise<void>;
}

/** Why a store cannot be opened; each has one message that says what to do. */
export type StoreRefusal =
  | 'not-ours'
  | 'newer'
  | 'older'
  | 'locked'
  | 'corrupt'
  | 'not-writable'
  | 'missing'
  | 'checksum';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly refusal: StoreRefusal;
  constructor(refusal: StoreRefusal, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.refusal = refusal;
  }
}
