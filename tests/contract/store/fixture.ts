import { drain, type Listing, type Reason, type Resource, type Scope, scopeId } from '#lib/model/index.ts';
import type { ReadStore, RemovalLimit, WriteStore } from '#lib/store/index.ts';
import { anyResource } from '#tests/support/resource.ts';

/** What a store has to offer to be tested: both sides of it, and a restart. */
export interface StoreUnderTest {
  readonly write: WriteStore;
  readonly read: ReadStore;
  /** Closes both sides and opens the same data again. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

export const T0 = Date.parse('2026-11-21T09:00:00Z');
export const MINUTE = 60_000;
/** ISO time `n` minutes after {@link T0}. */
export const iso = (n: number) => new Date(T0 + n * MINUTE).toISOString();

/** The design's limit. */
export const limit: RemovalLimit = (live) => Math.max(50, live * 0.2);

export function scopeOf(region: string, source = 'prod'): Scope {
  return {
    id: scopeId(source, '123456789012', region, 'instances'),
    provider: 'aws',
    source,
    account: '123456789012',
    region,
    part: 'instances',
    kind: 'vm',
    label: `123456789012 ${region}`,
  };
}

export const rowIn = (scope: Scope, name: string, fields: Partial<Resource> = {}): Resource =>
  anyResource({ uid: `vm:${name}`, name, source: scope.source, scope: scope.id, ...fields });

export const manyIn = (scope: Scope, count: number, fields: Partial<Resource> = {}): Resource[] =>
  Array.from({ length: count }, (_, i) => rowIn(scope, `m${i}`, fields));

/** Reads `resources` as a listing that ends cleanly. */
export const complete = (scope: Scope, resources: Resource[]): Promise<Listing> => listing(scope, resources);

/** Reads `resources` as a listing that breaks off. */
export const broken = (scope: Scope, resources: Resource[], kind: Reason['kind'] = 'network'): Promise<Listing> =>
  listing(scope, resources, { kind, message: `${kind} in ${scope.label}` });

function listing(scope: Scope, resources: Resource[], reason?: Reason): Promise<Listing> {
  async function* batches() {
    yield { resources, unreadable: [] };
    if (reason !== undefined) throw new Error(reason.message);
  }
  return drain(scope, batches(), () => reason ?? { kind: 'internal', message: '' });
}

/** A store with the short ways in which tests speak. `minute` is when it happens. */
export class Bench {
  readonly store: StoreUnderTest;
  constructor(store: StoreUnderTest) {
    this.store = store;
  }

  register(...scopes: Scope[]): Promise<void> {
    return this.store.write.registerScopes(scopes[0]?.source ?? 'prod', scopes, { interval: 5 * MINUTE, at: T0 });
  }

  async commit(made: Promise<Listing>, minute: number, signal?: AbortSignal) {
    const read = await made;
    const generation = await this.store.write.nextGeneration(read.scope.id);
    const at = T0 + minute * MINUTE;
    return this.store.write.commit(read, { generation, at, limit, ...(signal ? { signal } : {}) });
  }

  async live() {
    const rows = [];
    for await (const chunk of this.store.read.scan(7)) rows.push(...chunk);
    return rows;
  }

  async names(): Promise<string[]> {
    return (await this.live()).map((row) => row.resource.name).sort();
  }

  async row(name: string) {
    const [row] = await this.store.read.rows([`vm:${name}`]);
    if (row === undefined) throw new Error(`no row ${name}`);
    return row;
  }

  async scope(scope: Scope) {
    const found = (await this.store.read.scopes()).find((status) => status.id === scope.id);
    if (found === undefined) throw new Error(`no scope ${scope.id}`);
    return found;
  }

  /** `type name field: from -> to` of the changes, oldest first. */
  async changes(): Promise<string[]> {
    const changes = await this.store.read.changes({ limit: 1_000 });
    return changes
      .toReversed()
      .map((c) => `${c.type} ${c.name}${c.field === null ? '' : ` ${c.field}: ${c.from} -> ${c.to}`}`);
  }
}
