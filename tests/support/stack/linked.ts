import { createStack, type LinkRow, type Plan } from '#lib/linking/index.ts';
import type { Decision, Identity } from '#lib/model/index.ts';

/** A row as `system kind uid` and its identities as `type value`; what it runs on begins with `on `. */
export function row(what: string, ...said: readonly string[]): LinkRow {
  const [provider = '', kind = '', uid = '', state = 'running'] = what.split(' ');
  const identities = (texts: readonly string[]): Identity[] =>
    texts.map((text) => {
      const [type = '', value = ''] = text.split(' ');
      // Guarantee: tests spell types as the model does.
      return { type: type as Identity['type'], value };
    });
  return {
    uid,
    provider,
    source: 's',
    kind: kind as LinkRow['kind'],
    state: state as LinkRow['state'],
    identities: identities(said.filter((text) => !text.startsWith('on '))),
    hostedBy: identities(said.filter((text) => text.startsWith('on ')).map((text) => text.slice(3))),
    createdAt: null,
    account: null,
    managed: null,
  };
}

export function decided(verdict: Decision['verdict'], x: string, y: string): Decision {
  const [a, b] = x < y ? [x, y] : [y, x];
  return { a, b, verdict, reason: `${verdict} by hand`, at: '2026-11-21T09:00:00.000Z' };
}

/** With their texts, for which they may read no row but those that they ask for. */
export function filled<T>(plans: readonly Plan<T>[], rowOf: (uid: string) => LinkRow): T[] {
  return plans.map((plan) => {
    const answer = plan.fill((uid) => {
      if (!plan.reads.includes(uid)) throw new RangeError(`${uid} was not asked for`);
      return rowOf(uid);
    });
    if (answer === null) throw new TypeError('a row does not have its own text');
    return answer;
  });
}

/** A settled stack of some rows, spoken to by uid. */
export class Linked {
  readonly stack = createStack();
  readonly #rows: LinkRow[] = [];
  readonly #slots = new Map<string, number>();

  constructor(rows: readonly LinkRow[], decisions: readonly Decision[] = []) {
    this.stack.decide(decisions, this.#slotOf);
    this.put(...rows);
  }

  readonly #slotOf = (uid: string) => this.#slots.get(uid);
  readonly #read = (slot: number): LinkRow => {
    const found = this.#rows[slot];
    if (!found) throw new RangeError(`no row ${slot}`);
    return found;
  };
  readonly #uidOf = (slot: number): string => this.#read(slot).uid;
  #slot(uid: string): number {
    const slot = this.#slots.get(uid);
    if (slot === undefined) throw new RangeError(`no row ${uid}`);
    return slot;
  }

  /** Adds or replaces rows. */
  put(...rows: readonly LinkRow[]): void {
    for (const member of rows) {
      if (this.#slots.has(member.uid)) this.stack.drop(this.#slot(member.uid));
      this.#slots.set(member.uid, this.#rows.push(member) - 1);
      this.stack.add(this.#slot(member.uid), member);
    }
    this.stack.settle(this.#slotOf);
  }

  drop(uid: string): void {
    this.stack.drop(this.#slot(uid));
    this.#slots.delete(uid);
    this.stack.settle(this.#slotOf);
  }

  decide(...decisions: readonly Decision[]): void {
    this.stack.decide(decisions, this.#slotOf);
    this.stack.settle(this.#slotOf);
  }

  /** Machines of several rows, each in its order of precedence. */
  get machines(): string[] {
    return [...this.stack.machines()].map((head) => this.members(this.#uidOf(head))).sort();
  }

  members(uid: string): string {
    return this.stack.members(this.#slot(uid)).map(this.#uidOf).join(' ');
  }

  host(uid: string): string | null {
    const host = this.stack.hostOf(this.#slot(uid));
    return host < 0 ? null : this.#uidOf(host);
  }

  guests(uid: string): string[] {
    return [...this.stack.guests(this.#slot(uid))].map(this.#uidOf).sort();
  }

  links(uid: string) {
    return this.#filled(this.stack.links(this.#slot(uid), this.#uidOf));
  }

  get candidates() {
    return this.#filled(this.stack.candidates().map((candidate) => this.stack.linkOf(candidate, this.#uidOf)));
  }

  get conflicts() {
    return this.#filled(this.stack.conflicts(100, this.#uidOf).items);
  }

  conflictsOf(uid: string) {
    return this.#filled(this.stack.conflictsOf(this.#slot(uid), this.#uidOf));
  }

  #filled<T>(plans: readonly Plan<T>[]): T[] {
    return filled(plans, (uid) => this.#read(this.#slot(uid)));
  }
}
