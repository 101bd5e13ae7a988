import type { Item } from '#lib/api/resources.ts';
import type { Compared, ResourceSummary } from '#lib/api/stack.ts';
import type { Plan } from '#lib/linking/port.ts';
import type { StoredResource } from '#lib/store/port.ts';
import type { ScopeTable } from './columns/scopes.ts';
import { type ItemLinks, toItem } from './item.ts';

export interface Located {
  links: ItemLinks;
  /** Uid of its host where only the store has the host's name as it is spelled. */
  unnamed: string | null;
}

/** What one reading of the store gave, and what answers make of it. Rows that are gone for good are left out everywhere. */
export class Reading {
  readonly #rows: ReadonlyMap<string, StoredResource>;
  readonly #located: ReadonlyMap<string, Located>;
  readonly #scopes: ScopeTable;
  readonly #now: number;

  constructor(rows: readonly StoredResource[], located: ReadonlyMap<string, Located>, scopes: ScopeTable, now: number) {
    this.#rows = new Map(rows.map((row) => [row.resource.uid, row]));
    this.#located = located;
    this.#scopes = scopes;
    this.#now = now;
  }

  /** In the order of their uids. */
  items(uids: readonly string[]): Item[] {
    return uids.flatMap((uid) => {
      const row = this.#rows.get(uid);
      return row ? [this.item(row)] : [];
    });
  }

  /** @throws TypeError for a row that was not to be an item */
  item(row: StoredResource): Item {
    const located = this.#located.get(row.resource.uid);
    if (!located) throw new TypeError('a row was read that was not to be an item');
    return toItem(row, this.#withHostName(located), this.#scopes, this.#now);
  }

  #withHostName({ links, unnamed }: Located): ItemLinks {
    const read = unnamed === null ? undefined : this.#rows.get(unnamed)?.resource;
    if (!links.host || !read) return links;
    return { ...links, host: { ...links.host, name: read.name, kind: read.kind } };
  }

  /** In few words; in no order. */
  named(uids: Iterable<string>): ResourceSummary[] {
    return this.#of(uids).map(nameOf);
  }

  /** As a person compares them, by uid. */
  compared(uids: Iterable<string>): Map<string, Compared> {
    return new Map(this.#of(uids).map((row) => [row.uid, { ...nameOf(row), ...comparable(row) }]));
  }

  /** What has been planned, with its texts. */
  filled<T>(plans: readonly Plan<T>[]): T[] {
    return plans.flatMap((plan) => plan.fill((uid) => this.#rows.get(uid)?.resource) ?? []);
  }

  #of(uids: Iterable<string>): Stored[] {
    const wanted = new Set(uids);
    return [...this.#rows.values()].flatMap(({ resource }) => (wanted.has(resource.uid) ? [resource] : []));
  }
}

type Stored = StoredResource['resource'];

const nameOf = ({ uid, name, kind, provider, state }: Stored): ResourceSummary => ({
  uid,
  name,
  kind,
  provider,
  state,
});

const comparable = (resource: Stored): Omit<Compared, keyof ResourceSummary> => {
  const { account, region, zone, cluster, type, createdAt, addresses, mappedAddresses } = resource;
  return { account, region, zone, cluster, type, createdAt, addresses, mappedAddresses };
};
