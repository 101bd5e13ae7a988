import type { ZodType } from 'zod';
import type {
  Batch,
  DetailError,
  ErrorKind,
  JsonValue,
  Kind,
  Permission,
  Resource,
  Scope,
  Unknowns,
} from '#lib/model/index.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import type { Logger } from '#lib/runtime/logger.ts';

export type { Clock, Logger };

/** A few small answers that outlive the process, by keys of the adapter's choice. What may not be stored (secrets) has no place in it. */
export interface Cache {
  /** Undefined for a key of which nothing is kept. */
  get(key: string): Promise<JsonValue | undefined>;
  /** In place of what was kept. An answer of more than a megabyte is not kept. */
  set(key: string, value: JsonValue): Promise<void>;
}

/** What an adapter is handed; it reads no environment, settings file, store or global clock. */
export interface Environment {
  /** Id of the configured source. */
  source: string;
  log: Logger;
  clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  /** Absent where nothing outlives the process: a check of the configuration. */
  cache?: Cache;
  /** The machine that the collector runs on, as it is now; null, or absent, where that is not known. */
  machine?(): OwnMachine | null;
}

/** What the collector's own kernel says, so that an adapter can tell what answers on this very machine. */
export interface OwnMachine {
  hostname: string;
  /** The release, `6.1.0-32-amd64`. */
  kernel: string;
  /** MiB that the kernel has to give. */
  memory: number;
  /** MiB of all blocks of memory that are online, the kernel's own part included: what LXD tells. Null where the kernel has no blocks. */
  installed: number | null;
  /** Of this start of the kernel; the same in its containers, another in each VM. */
  bootId: string;
  /** Null where the system keeps none. */
  machineId: string | null;
}

/** One call's context: everything stops, at every await, when the signal aborts. */
export interface Call {
  signal: AbortSignal;
}

export interface DiscoveryCall extends Call {
  /** What is known of this source from before, also from an earlier process; `gone` left out. */
  known?: readonly Scope[];
}

export interface PermissionCall extends Call {
  /** Tries the list call in every region as well, where regions can be denied apart: many calls, for a person who waits. */
  everyRegion?: boolean;
}

export interface WatchCall extends Call {
  /**
   * True where all that an earlier watch of this scope said is kept: one that knows where it broke off may go on from there. Otherwise,
   * and where it does not know, it begins with a listing.
   */
  resume?: boolean;
}

/**
 * What a watch says. `listing`: a (re)listing starts, to be read to its end before the next event; it has the same proof of
 * completeness as `list`. `upsert`: the rows of this object are now exactly these, none if it is gone; `unknown` and `detailErrors` as in a
 * Batch. `heartbeat`: nothing changed, the stream lives: a bookmark, or one that was taken up again.
 */
export type WatchEvent =
  | { type: 'listing'; batches: AsyncIterable<Batch> }
  | {
      type: 'upsert';
      objectId: string;
      resources: Resource[];
      unknown?: Unknowns;
      detailErrors?: readonly DetailError[];
    }
  | { type: 'heartbeat' };

export type { Permission };

/** An open source: the client with its credentials, or its mock, behind the calls of the contract. */
export interface Connection {
  /**
   * Accounts, regions, clusters, discovered: each is listed as soon as it is yielded. Ends normally ONLY when these were all. Refuses
   * (`config`) a credential of another account than configured before it yields anything. A scope of part `discovery` stands for what
   * was found and cannot be discovered further (a cluster that does not answer): to list it tries again and throws why not, and once
   * it succeeds, which yields nothing, discovery begins anew.
   */
  scopes(call: DiscoveryCall): AsyncIterable<Scope>;
  /** Ends normally ONLY when the listing is complete; anything else throws a {@link ProviderError}. */
  list(scope: Scope, call: Call): AsyncIterable<Batch>;
  /**
   * Only where the system can stream. Ends never by itself, and hides no failure: a stream that breaks is thrown at once as what broke it,
   * and the sync, which tells it, waits and begins anew. Only an end that was agreed on is gone over in silence.
   */
  watch?(scope: Scope, call: WatchCall): AsyncIterable<WatchEvent>;
  /**
   * Tries each call of the policy once, cheaply. A region that is denied where its account (`region` null) is allowed lacks no
   * policy: something above the account denies it.
   */
  permissions(call: PermissionCall): AsyncIterable<Permission>;
  close(): Promise<void>;
}

export interface Adapter<C> {
  open(config: C, env: Environment): Promise<Connection>;
}

/** The manifest of a provider: plain data, cheap to import. */
export interface Provider<C = unknown> {
  id: string;
  label: string;
  /** For a table cell: `AWS`, `K8s`. */
  short: string;
  kinds: readonly Kind[];
  /** What it is asked for: what its hosts are called depends on that. */
  manages?: 'cloud' | 'hypervisor' | 'engine' | 'cluster';
  /** Of its short word on the page, `#rrggbb`; readable (4.5:1) on the light and on the dark ground. */
  color: { light: string; dark: string };
  /** The keys of one source in `muster.yaml`, besides `id` and `provider`. */
  config: ZodType<C>;
  /** Calls in flight at most, over all of its accounts and per account. */
  concurrency: { provider: number; account: number };
  /**
   * The least-privilege policy for these actions only, as the provider's own tools take it: what a person adds to what is granted
   * already. Actions as {@link Permission.action} spells them.
   */
  policy?(actions: readonly string[]): { format: 'json' | 'yaml' | 'text'; text: string };
  /** The only door to the SDK. */
  load(): Promise<Adapter<C>>;
}

/**
 * The one error a provider throws. `place` names account, region, cluster; `message` what happened and the next step, never a
 * secret nor more than 200 characters of a reply: `<place>: <call>, page 3: expected a list of reservations, got null`.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ErrorKind;
  readonly place: string;
  /** The call that failed, in the provider's words: `ec2:DescribeInstances`; null where it was none, or is not named yet. */
  action: string | null = null;
  /** Of that call, from 1. */
  page: number | null = null;
  /** What happened, without place, call and page. */
  readonly shortMessage: string;
  /** For `rate-limit`: how long the provider asked to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: ErrorKind,
    place: string,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(`${place}: ${message}`, { cause: options.cause });
    this.kind = kind;
    this.place = place;
    this.shortMessage = message;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Names the call that this came of, and its page. Who stands nearest to the call names it first, and that stays. */
  of(action: string, page: number | null = null): this {
    this.action ??= action;
    if (this.action === action) this.page ??= page;
    const call = this.page === null ? this.action : `${this.action}, page ${this.page}`;
    this.message = `${this.place}: ${call}: ${this.shortMessage}`;
    return this;
  }
}

/**
 * Thrown at the end of a search that saw all there is but these accounts (projects, subscriptions). An adapter that knows which scopes
 * are theirs keeps those and ends its discovery well; otherwise it is a discovery that failed, after which nothing is gone.
 */
export class UnseenAccounts extends ProviderError {
  /** By account, why it could not be looked into; not empty. */
  readonly accounts: ReadonlyMap<string, ProviderError>;

  constructor(source: string, accounts: ReadonlyMap<string, ProviderError>) {
    const [first] = accounts.values();
    const names = [...accounts.keys()];
    const some = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
    super(
      first?.kind ?? 'network',
      accounts.size === 1 && first ? first.place : source,
      accounts.size === 1 && first
        ? first.message.slice(first.place.length + 2)
        : `could not look into ${some}; the first: ${first?.message}`,
      { cause: first, ...(first?.retryAfterMs === undefined ? {} : { retryAfterMs: first.retryAfterMs }) },
    );
    this.accounts = accounts;
  }
}
