import type { Change, PermissionsSeen, ScopeStatus } from '#lib/model/index.ts';
import type { Changes, Facets, Groups, Item, ResourceDetail, ResourcePage } from '#lib/query/api.ts';
import type { PageRequest } from '#lib/query/service.ts';
import type { ReadStore } from '#lib/store/port.ts';
import type { Engine, EngineClock } from './engine.ts';
import type { Follower } from './follower.ts';
import { asSeenAt } from './item.ts';
import type { RowList } from './row-list.ts';
import { Rows } from './rows.ts';
import { StackAnswers } from './stack-answers.ts';

/** Changes shown beside a resource. */
const DETAIL_CHANGES = 50;

/** Changes looked through for a filtered answer, in steps; what is older waits for the next page. */
const CHANGES_STEP = 500;
const CHANGES_STEPS = 10;

/** Answers whole questions: which rows, from the engine; what is in them, from the store. */
export class Answers {
  readonly #engine: Engine;
  readonly #store: ReadStore;
  readonly #follower: Follower;
  readonly #clock: EngineClock;
  readonly #rows: Rows;
  readonly stacks: StackAnswers;

  constructor(parts: { engine: Engine; store: ReadStore; follower: Follower; clock: EngineClock }) {
    this.#engine = parts.engine;
    this.#store = parts.store;
    this.#follower = parts.follower;
    this.#clock = parts.clock;
    this.#rows = new Rows(parts);
    this.stacks = new StackAnswers({ ...parts, rows: this.#rows });
  }

  async page(request: PageRequest): Promise<ResourcePage> {
    const { uids, ...plan } = this.#engine.page(request);
    const revision = this.#follower.revision;
    return { total: plan.total, items: await this.items(uids), next: plan.next, revision, freshness: plan.freshness };
  }

  /** Rows in the order of their uids, as the store has them now; a row that is gone for good is left out. */
  items(uids: readonly string[]): Promise<Item[]> {
    return this.#rows.items(uids);
  }

  open(q: string, sort: string): RowList {
    return this.#engine.rows(q, sort);
  }

  shut(list: RowList): void {
    this.#engine.release(list);
  }

  facets(q: string, fields: readonly string[]): Facets {
    return this.#engine.facets(q, fields);
  }

  async groups(q: string, by: string): Promise<Groups> {
    const { field, groups } = this.#engine.groups(q, by);
    return field.key === 'machine' ? this.#withNames(groups) : groups;
  }

  /** A machine is known by its uid; people know it by its name. */
  async #withNames(groups: Groups): Promise<Groups> {
    const names = new Map<string, string>();
    for (const { uid, name } of await this.#rows.named(groups.groups.map(({ value }) => value))) names.set(uid, name);
    return { ...groups, groups: groups.groups.map((group) => ({ ...group, label: names.get(group.value) ?? null })) };
  }

  async detail(uid: string): Promise<ResourceDetail | null> {
    const found = await this.#store.resource(uid);
    if (found === null) return null;
    const now = this.#clock.now();
    const changes = await this.#store.changes({ uid, limit: DETAIL_CHANGES });
    const id = found.row.resource.scope;
    const scope = this.#engine.scopes.get(id) ?? (await this.#store.scopes()).find((candidate) => candidate.id === id);
    if (!scope) throw new Error('a resource belongs to a scope that the store does not have');
    return {
      resource: await this.#rows.toItem(found.row),
      raw: found.raw,
      removedAt: found.row.removedAt,
      changes,
      scope: asSeenAt(scope, now),
    };
  }

  async scopes(): Promise<{ scopes: ScopeStatus[]; revision: number }> {
    const now = this.#clock.now();
    const scopes = await this.#store.scopes();
    return { scopes: scopes.map((scope) => asSeenAt(scope, now)), revision: this.#follower.revision };
  }

  permissions(): Promise<PermissionsSeen[]> {
    return this.#store.permissions();
  }

  /**
   * Changes of the resources that answer a question as they are now, or were when they went. Newest first; a filtered answer may
   * be short and still have a `next`.
   */
  async changes(request: { q: string; since: number | null; before: number | null; limit: number }): Promise<Changes> {
    const { q, since, limit } = request;
    const isFiltered = q.trim() !== '';
    const step = isFiltered ? Math.max(CHANGES_STEP, limit) : limit;
    const found: Change[] = [];
    let before = request.before;
    for (let steps = isFiltered ? CHANGES_STEPS : 1; steps > 0; steps--) {
      const filter = { limit: step, ...(since === null ? {} : { since }), ...(before === null ? {} : { before }) };
      const read = await this.#store.changes(filter);
      const matching = isFiltered ? await this.#matching(q, read) : read;
      for (const change of matching) {
        found.push(change);
        if (found.length === limit) return { changes: found, next: change.seq };
      }
      before = read.at(-1)?.seq ?? null;
      if (read.length < step) return { changes: found, next: null };
    }
    return { changes: found, next: before };
  }

  async #matching(q: string, changes: readonly Change[]): Promise<Change[]> {
    const gone = new Set(changes.map(({ uid }) => uid).filter((uid) => !this.#engine.has(uid)));
    const matches = this.#engine.matcher(q, await this.#store.rows([...gone]));
    return changes.filter(({ uid }) => matches(uid));
  }
}
