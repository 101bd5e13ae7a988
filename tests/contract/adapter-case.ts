import type { Fleet } from '#lib/demo/index.ts';
import type { ErrorKind, Scope, State } from '#lib/model/index.ts';
import type { Provider } from '#providers/contract.ts';
import type { FakeRequest, FakeServer, Reply } from '#tests/fakes/server.ts';

/** A part of the suite that an adapter may leave out, with its reason. */
export const SKIPPABLE = [
  'paging',
  'missing-list',
  'unknown-state',
  'foreign-link',
  'wrong-account',
  'canary',
  'hint',
  'redirect',
  'details',
  'tags',
] as const;
export type Skippable = (typeof SKIPPABLE)[number];

/**
 * What the conformance suite must know of a provider. Everything goes over the wire: the real client talks to the fake.
 * `Row` is the raw object of the provider as the fake hands it to `rewrite`.
 */
export interface AdapterCase<C, Row> {
  provider: Provider<C>;
  /** Starts the fake of this provider, fed by the fleet. */
  start(options: { fleet: Fleet; now: () => number }): Promise<FakeServer>;
  /**
   * Keys of a source that lists the fake, as an operator writes them (parsed by `provider.config`). `timeout` in seconds.
   * Fixed accounts, projects, subscriptions or contexts so that wire and mock list the same.
   */
  config(fake: FakeServer, fleet: Fleet, timeout: number): unknown;
  /** Size of the fleet; default 600, of which one cloud has some sixty. */
  resources?: number;
  /** Keys of the same source by its mock. */
  mockConfig(fleet: Fleet): unknown;
  /** The scope under test: one with at least 5 rows and no fault. */
  subject(scopes: readonly Scope[]): Scope;
  /** Another scope that must not care for what happens to the subject. */
  bystander(scopes: readonly Scope[]): Scope;
  /** True for the main list call of this scope (each page of it). */
  isListOf(scope: Scope, request: FakeRequest): boolean;
  /** What a text may hold on this wire: XML 1.0 carries no control characters and no lone surrogates. Default json. */
  wire?: 'json' | 'xml';
  /** Everything the policy file allows, in the words of `FakeRequest.action`. */
  policy: readonly string[];
  /** Actions that belong to the policy but not to scopes/list/permissions over the fake (each with its reason). */
  unusedActions?: Readonly<Record<string, string>>;
  /** Actions beside the lists, in the words of `FakeRequest.action`: where they are denied, rows lack what only these know. */
  details: readonly string[];
  /** How errors call what the policy calls so; default the same. */
  callOf?(action: string): string;
  /** Those of them that no row of the fleet hangs on. */
  idleDetails?: readonly string[];
  /** Those of them whose last good answer outlives the process. */
  keptDetails?: readonly string[];
  /** True where this action is the list of the scope, not a detail of it. */
  isListedBy?(scope: Scope, action: string): boolean;
  /** Every native state and its model state: `facts/providers.md` 4.1. */
  states: readonly (readonly [native: string, state: State])[];
  /** A copy of the row in this native state. */
  withState(row: Row, native: string): Row;
  /** A copy of the row with this name, where the provider lets people name things freely; else the tag alone. */
  withName(row: Row, name: string): Row;
  /** A copy of the row with one tag (or label) more. */
  withTag(row: Row, key: string, value: string): Row;
  /** A row that no mapping can understand (its id is missing, say). */
  broken(row: Row): unknown;
  replies: {
    denied(): Reply;
    /** `wait` seconds in the provider's own hint, where it has one. */
    throttled(wait: number): Reply;
    expired(): Reply;
    unavailable(): Reply;
    /** 200 in the right shape, without the list field. */
    withoutList(request: FakeRequest): Reply;
    /** 200 with the first page's shape, whose next page leads to another host; only where pages are links. */
    foreignNext?(elsewhere: string): Reply;
  };
  /** Makes the fake's credential belong to somebody else. */
  asWrongAccount?(fake: FakeServer): void;
  /** True where only the list's own answer says whose it is: the first page is asked for, and refused. */
  accountInList?: boolean;
  /** Requests that a listing makes at once, at most; default 1. Those are on their way when it is told to stop. */
  inFlight?: number;
  /** Error kinds where this provider differs from the suite's expectation. */
  kinds?: Partial<Record<'unavailable' | 'truncated', ErrorKind>>;
  skip?: Partial<Record<Skippable, string>>;
}
