import type { Change, Decision, PermissionsSeen, Resource, ScopeStatus } from '#lib/model/index.ts';
import type { ReadStore, StoredResource } from '#lib/store/reader.ts';
import { FeedGap } from '#lib/store/reader.ts';

/** A store of rows in memory that tests write to by hand. Every put is one revision. */
export class MemoryStore implements ReadStore {
  readonly #rows = new Map<string, StoredResource>();
  #revision = 0;
  #floor = 0;
  #decisions: Decision[] = [];
  statuses: ScopeStatus[] = [];
  recorded: Change[] = [];
  seen: PermissionsSeen[] = [];
  closed = false;

  /** One commit: these rows are now so, those are gone. */
  commit(puts: readonly Resource[], removals: readonly string[] = [], at = '2026-11-21T09:00:00.000Z'): void {
    for (const { raw: _, ...resource } of puts) {
      const firstSeen = this.#rows.get(resource.uid)?.firstSeen ?? at;
      this.#rows.set(resource.uid, { resource, seq: ++this.#revision, firstSeen, lastSeen: at, removedAt: null });
    }
    for (const uid of removals) {
      const row = this.#rows.get(uid);
      if (row?.removedAt === null) this.#rows.set(uid, { ...row, seq: ++this.#revision, removedAt: at });
    }
  }

  /** Keeps one word per pair, null takes it back: a revision without a row. */
  decide(pair: { a: string; b: string }, decision: Decision | null): void {
    this.#decisions = this.#decisions.filter(({ a, b }) => a !== pair.a || b !== pair.b);
    if (decision !== null) this.#decisions.push(decision);
    this.#revision++;
  }

  /** Forgets removals, as pruning does. */
  prune(): void {
    for (const [uid, row] of this.#rows) if (row.removedAt !== null) this.#rows.delete(uid);
    this.#floor = this.#revision;
  }

  live(): StoredResource[] {
    return [...this.#rows.values()].filter(({ removedAt }) => removedAt === null);
  }

  async revision(): Promise<number> {
    return this.#revision;
  }

  async count(): Promise<number> {
    return this.live().length;
  }

  async *scan(chunk: number): AsyncIterable<StoredResource[]> {
    const rows = this.live();
    for (let at = 0; at < rows.length; at += chunk) yield rows.slice(at, at + chunk);
  }

  async feed(seq: number, limit: number): Promise<StoredResource[]> {
    if (seq < this.#floor) throw new FeedGap('pruned');
    const rows = [...this.#rows.values()].filter((row) => row.seq > seq);
    return rows.sort((a, b) => a.seq - b.seq).slice(0, limit);
  }

  async resource(uid: string) {
    const row = this.#rows.get(uid);
    return row ? { row, raw: null } : null;
  }

  async rows(uids: readonly string[]): Promise<StoredResource[]> {
    return uids.flatMap((uid) => this.#rows.get(uid) ?? []);
  }

  async changes(filter: { uid?: string; since?: number; before?: number; limit: number }): Promise<Change[]> {
    const { uid, since = 0, before = Number.POSITIVE_INFINITY, limit } = filter;
    const fitting = this.recorded.filter(
      (change) => (uid === undefined || change.uid === uid) && change.seq > since && change.seq < before,
    );
    return fitting.sort((a, b) => b.seq - a.seq).slice(0, limit);
  }

  async scopes(): Promise<ScopeStatus[]> {
    return this.statuses;
  }

  async decisions(): Promise<Decision[]> {
    return this.#decisions.toSorted((x, y) => (x.a + x.b < y.a + y.b ? -1 : 1));
  }

  async permissions(): Promise<PermissionsSeen[]> {
    return this.seen;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}
