import type { Change, DetailField, PackedRow, Resource } from '#lib/model/index.ts';
import { diff } from '../../diff.ts';
import { keepKnown, recreated } from '../../keep.ts';
import type { ScopeRow } from '../schema.ts';
import { toNullableText, toText } from '../text.ts';
import { decode, type Encoded, encode, sameValue } from './record.ts';
import type { Head, Statements } from './statements.ts';
import { isLeft } from './status.ts';

type Row = Omit<Resource, 'raw'>;

export interface RowWriterOptions {
  scope: ScopeRow;
  /** ISO time of this sighting. */
  at: string;
  /** True where the scope's last success becomes `at`: its rows need no last_seen of their own. */
  confirms: boolean;
}

/** Writes the rows of one scope inside one transaction: counts, numbers and records what changed. */
export class RowWriter {
  readonly counts = { appeared: 0, changed: 0, unchanged: 0, disappeared: 0, foreign: 0 };
  revision: number;
  /** Rows that waited for removal and do so no longer. */
  released = 0;
  /** Rows taken over, by the scope that lost them. */
  readonly taken = new Map<string, { count: number; held: number }>();
  /** Scopes that own what was listed here and left to them, and whether the rows of a scope may be taken over. */
  readonly owners = new Set<string>();
  readonly #free = new Map<string, boolean>();
  readonly #run: Statements;
  readonly #scope: ScopeRow;
  readonly #at: string;
  readonly #confirms: boolean;
  readonly #confirmed: string;

  constructor(statements: Statements, options: RowWriterOptions) {
    this.#run = statements;
    this.#scope = options.scope;
    this.#at = options.at;
    this.#confirms = options.confirms;
    this.#confirmed = options.scope.last_success ?? '';
    this.revision = statements.revision.get()?.value ?? 0;
  }

  /** Live rows that the scope has now and had not before; those removed since are not taken off. */
  get gained(): number {
    let gained = this.counts.appeared;
    for (const { count } of this.taken.values()) gained += count;
    return gained;
  }

  /**
   * A resource that is probably new. Returns the characters written, the measure of its work.
   * @param unknown fields that could not be looked up: they stay as they are stored
   */
  add(uid: string, seen: PackedRow, unknown?: readonly DetailField[]): number {
    const next = this.#encode(uid, seen);
    const inserted = this.#run.insert.run(
      toText(uid),
      this.#scope.id,
      toText(next.objectId),
      next.dataHash,
      next.rawHash,
      this.revision + 1,
      this.#at,
      this.#at,
      next.data,
    );
    if (inserted.changes === 0) {
      const head = this.#run.byUid.get(toText(uid));
      if (head !== undefined) return this.see(uid, seen, unknown, head);
    } else {
      this.#run.insertDetail.run(Number(inserted.lastInsertRowid), next.raw);
      this.#appear(next);
    }
    return next.data.length + next.raw.length;
  }

  /** A resource that is probably known. */
  see(uid: string, seen: PackedRow, unknown?: readonly DetailField[], head = this.#run.byUid.get(toText(uid))): number {
    if (head === undefined) return this.add(uid, seen, unknown);
    const next = this.#encode(uid, unknown === undefined ? seen : this.#kept(head, seen, unknown));
    this.#merge(head, next);
    return next.data.length + next.raw.length;
  }

  /** A row that is proven to be gone: it becomes a tombstone. */
  remove(head: Head): void {
    const content = this.#run.content.get(head.id);
    if (content === undefined) return;
    this.#record(decode(content.data), 'disappeared');
    this.#run.remove.run(this.#at, this.revision, this.#until(head), head.id);
    this.#release(head);
    this.counts.disappeared++;
  }

  /** A row that is missing, among too many: it stays until the next complete listing agrees. */
  hold(head: Head, generation: number): void {
    this.#run.miss.run(generation, this.#until(head), head.id);
  }

  finish(): void {
    this.#run.setRevision.run(this.revision);
  }

  #encode(uid: string, seen: PackedRow): Encoded {
    if (toText(seen.scope) !== this.#scope.id) {
      throw new TypeError(`${uid} says it belongs to ${seen.scope} but was listed in ${this.#scope.id}`);
    }
    return encode(uid, seen);
  }

  #kept(head: Head, seen: PackedRow, unknown: readonly DetailField[]): PackedRow {
    const content = this.#run.content.get(head.id);
    if (content === undefined) return seen;
    return { ...seen, data: JSON.stringify(keepKnown(decode(content.data), decode(seen.data), unknown)) };
  }

  /** Until when the row was confirmed by its scope; a row that was missing already was not. */
  #until(head: Head): string {
    return head.missing_generation === null ? this.#confirmed : '';
  }

  #release(head: Head): void {
    if (head.missing_generation !== null) this.released++;
  }

  #merge(head: Head, next: Encoded): void {
    if (head.removed_at !== null) this.#revive(head, next);
    else if (head.scope === this.#scope.id) {
      this.#release(head);
      this.#update(head, next);
    } else if (this.#isFree(head.scope)) {
      const taken = this.taken.get(head.scope) ?? { count: 0, held: 0 };
      const held = head.missing_generation === null ? 0 : 1;
      this.taken.set(head.scope, { count: taken.count + 1, held: taken.held + held });
      this.#update(head, next);
    } else {
      this.owners.add(head.scope);
      this.counts.foreign++;
    }
  }

  /** Only who has seen the whole takes from one that fails: two that fail would take the same rows from each other for ever. */
  #isFree(scope: string): boolean {
    const known = this.#free.get(scope);
    if (known !== undefined) return known;
    const owner = this.#run.owner.get(scope);
    const free = owner === undefined || (owner.state === 'gone' ? true : this.#confirms && isLeft(owner, this.#at));
    this.#free.set(scope, free);
    return free;
  }

  #revive(head: Head, next: Encoded): void {
    const content = this.#run.content.get(head.id);
    if (content === undefined) return;
    this.#appear(next);
    this.#write(head, next, firstSeen(content, decode(content.data), decode(next.data), this.#at));
  }

  #update(head: Head, next: Encoded): void {
    if (head.data_hash === next.dataHash) {
      if (head.raw_hash !== next.rawHash) this.#writeRaw(head, next);
      if (!this.#confirms || head.missing_generation !== null) this.#run.seen.run(this.#at, head.id);
      this.counts.unchanged++;
      return;
    }
    const content = this.#run.content.get(head.id);
    if (content === undefined) return;
    const before = decode(content.data);
    const after = decode(next.data);
    const changes = diff(before, after);
    if (changes.length === 0 && sameValue(before, after)) {
      this.#respell(head, next);
      return;
    }
    for (const change of changes) this.#record(after, 'changed', change);
    if (changes.length === 0) this.revision++;
    this.#write(head, next, firstSeen(content, before, after, this.#at));
    this.counts.changed++;
  }

  /** The order of keys is another, the values are the same: nothing a reader has to hear of. */
  #respell(head: Head, next: Encoded): void {
    this.#run.respell.run(toText(next.objectId), next.dataHash, next.data, head.id);
    if (head.raw_hash !== next.rawHash) this.#writeRaw(head, next);
    this.#run.seen.run(this.#at, head.id);
    this.counts.unchanged++;
  }

  #appear(next: Encoded): void {
    // What a scope's first complete listing finds was there before; it is not news.
    if (this.#scope.last_success === null) this.revision++;
    else this.#record(decode(next.data), 'appeared');
    this.counts.appeared++;
  }

  #write(head: Head, next: Encoded, first: string): void {
    const objectId = toText(next.objectId);
    this.#run.update.run(this.#scope.id, objectId, next.dataHash, this.revision, first, this.#at, next.data, head.id);
    if (head.raw_hash !== next.rawHash) this.#writeRaw(head, next);
  }

  #writeRaw(head: Head, next: Encoded): void {
    this.#run.updateRawHash.run(next.rawHash, head.id);
    this.#run.updateDetail.run(next.raw, head.id);
  }

  #record(row: Row, type: Change['type'], change?: { field: string; from: string | null; to: string | null }): void {
    this.#run.change.run(
      ++this.revision,
      this.#at,
      toText(row.uid),
      toText(row.name),
      toText(row.provider),
      row.kind,
      this.#scope.id,
      type,
      toNullableText(change?.field ?? null),
      toNullableText(change?.from ?? null),
      toNullableText(change?.to ?? null),
    );
  }
}

function firstSeen(content: { first_seen: string }, before: Row, after: Row, at: string): string {
  return recreated(before, after) ? at : content.first_seen;
}
