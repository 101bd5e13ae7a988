import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision } from '#lib/model/index.ts';
import { filled } from '#tests/support/stack/linked.ts';
import { BYSTANDERS, decisions, few, row } from '#tests/support/stack/stack-arbitraries.ts';
import { oracle, type Told } from '#tests/support/stack/stack-oracle.ts';
import { createStack, type LinkRow, type Plan, type Stack } from './index.ts';

const RUNS = { numRuns: 1000 };
type Step = { put: LinkRow } | { drop: string } | { decide: Decision[] } | 'settle' | 'compact';
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: row }) },
  { weight: 2, arbitrary: fc.record({ drop: few('row-', 12) }) },
  { weight: 1, arbitrary: fc.record({ decide: decisions }) },
  { weight: 2, arbitrary: fc.constant('settle' as const) },
  { weight: 1, arbitrary: fc.constant('compact' as const) },
);

/** A stack and its rows, as the index keeps them: a changed row is written anew in a new slot. */
class Bench {
  stack: Stack = createStack();
  rows: (LinkRow | null)[] = [];
  slots = new Map<string, number>();
  decisions: readonly Decision[] = [];
  readonly slotOf = (uid: string) => this.slots.get(uid);
  readonly read = (slot: number): LinkRow => {
    const found = this.rows[slot];
    if (!found) throw new Error(`slot ${slot} is not live`);
    return found;
  };

  put(member: LinkRow): void {
    this.drop(member.uid);
    const slot = this.rows.push(member) - 1;
    this.slots.set(member.uid, slot);
    this.stack.add(slot, member);
  }

  drop(uid: string): void {
    const slot = this.slots.get(uid);
    if (slot === undefined) return;
    this.slots.delete(uid);
    this.rows[slot] = null;
    this.stack.drop(slot);
  }

  decide(all: readonly Decision[]): void {
    this.decisions = all;
    this.stack.decide(all, this.slotOf);
  }

  settle(): Uint32Array | null {
    return this.stack.settle(this.slotOf);
  }

  compact(): void {
    this.settle();
    const kept = this.rows.flatMap((member, slot) => (member ? [slot] : []));
    const moved = new Uint32Array(this.rows.length).fill(0xffffffff);
    for (const [place, slot] of kept.entries()) moved[slot] = place;
    this.stack = this.stack.compacted(moved);
    this.rows = kept.map((slot) => this.rows[slot] ?? null);
    this.slots = new Map(this.rows.flatMap((member, slot) => (member ? [[member.uid, slot]] : [])));
  }

  get live(): LinkRow[] {
    return this.rows.filter((member) => member !== null);
  }

  told(): Told {
    const told: Told = { machine: new Map(), host: new Map() };
    for (const [uid, slot] of this.slots) {
      const members = this.stack.members(slot);
      expect(this.stack.machineOf(slot)).toBe(members[0]);
      told.machine.set(uid, members.map((member) => this.read(member).uid).join(' '));
      const host = this.stack.hostOf(slot);
      told.host.set(uid, host < 0 ? null : this.read(host).uid);
    }
    return told;
  }

  /** Everything else that it tells, by uid. */
  rest() {
    const { stack, read } = this;
    const uid = (slot: number) => read(slot).uid;
    const told = <T>(plans: readonly Plan<T>[]) => filled(plans, (name) => read(this.slots.get(name) ?? -1));
    const { total, items } = stack.conflicts(1000, uid);
    return {
      candidates: stack.candidates().map((candidate) => ({ ...candidate, a: uid(candidate.a), b: uid(candidate.b) })),
      candidateLinks: told(stack.candidates().map((candidate) => stack.linkOf(candidate, uid))),
      conflicts: { total, items: told(items) },
      of: [...this.slots].sort().map(([name, slot]) => ({
        name,
        guests: [...stack.guests(slot)].map(uid).sort(),
        links: told(stack.links(slot, uid)),
        conflicts: told(stack.conflictsOf(slot, uid)),
      })),
    };
  }
}

function run(steps: readonly Step[], bench = new Bench()): Bench {
  for (const one of steps) {
    if (one === 'settle') bench.settle();
    else if (one === 'compact') bench.compact();
    else if ('put' in one) bench.put(one.put);
    else if ('drop' in one) bench.drop(one.drop);
    else bench.decide(one.decide);
  }
  bench.settle();
  return bench;
}

function fresh(rows: readonly LinkRow[], all: readonly Decision[]): Bench {
  const bench = new Bench();
  bench.decide(all);
  for (const member of rows) bench.put(member);
  bench.settle();
  return bench;
}

const rowsAndDecisions = { rows: fc.uniqueArray(row, { maxLength: 12, selector: ({ uid }) => uid }), decisions };

describe('a stack over any rows', () => {
  test('says what the plain code says', () => {
    fc.assert(
      fc.property(fc.record(rowsAndDecisions), ({ rows, decisions: all }) => {
        expect(fresh(rows, all).told()).toEqual(oracle(rows, all));
      }),
      RUNS,
    );
  });

  test('says the same in whatever order rows and decisions came', () => {
    const shuffled = fc.record(rowsAndDecisions).chain(({ rows, decisions: all }) =>
      fc.record({
        rows: fc.constant(rows),
        all: fc.constant(all),
        mixed: fc.shuffledSubarray(rows, { minLength: rows.length }),
        mixedDecisions: fc.shuffledSubarray(all, { minLength: all.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ rows, all, mixed, mixedDecisions }) => {
        const [one, other] = [fresh(rows, all), fresh(mixed, mixedDecisions)];
        expect(other.told().machine).toEqual(new Map([...one.told().machine]));
        expect(other.rest()).toEqual(one.rest());
      }),
      RUNS,
    );
  });

  test('says after any changes what it says from scratch', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const bench = run(steps);
        const scratch = fresh(bench.live, bench.decisions);
        expect(bench.told()).toEqual(oracle(bench.live, bench.decisions));
        expect(bench.rest()).toEqual(scratch.rest());
      }),
      RUNS,
    );
  });

  test('names every row whose machine, host or precedence changed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), fc.array(step, { maxLength: 3 }), (steps, more) => {
        const bench = run(BYSTANDERS.map((put) => ({ put })));
        run(
          steps.filter((one) => one !== 'compact'),
          bench,
        );
        const before = bench.told();
        const slotsBefore = new Map(bench.slots);
        for (const one of more) {
          if (typeof one === 'string') continue;
          if ('put' in one) bench.put(one.put);
          else if ('drop' in one) bench.drop(one.drop);
          else bench.decide(one.decide);
        }
        const named = bench.settle();
        // Never all of them: most rows have nothing to do with what changed.
        if (named === null) throw new Error('everything changed');
        const changed = new Set(named);
        const after = bench.told();
        for (const [uid, slot] of bench.slots) {
          if (changed.has(slot)) continue;
          expect(slotsBefore.get(uid)).toBe(slot);
          expect(after.machine.get(uid)).toBe(before.machine.get(uid));
          expect(after.host.get(uid)).toBe(before.host.get(uid));
        }
      }),
      RUNS,
    );
  });
});

/** One host of each system, but any number of engines that run under one start of a kernel. */
function hostRoleOf({ provider, identities }: LinkRow): string {
  const identity = (wanted: string) => identities.find(({ type }) => type === wanted)?.value;
  return identity('boot-id') === undefined ? provider : `${provider} ${identity('host') ?? ''}`.trim();
}

describe('machines of any rows', () => {
  test('hold no two rows of one role and no split pair, but for what a person joined', () => {
    fc.assert(
      fc.property(fc.record(rowsAndDecisions), ({ rows, decisions: all }) => {
        const splits = all.filter(({ verdict }) => verdict === 'split');
        const { machine } = fresh(rows, splits).told();
        for (const { a, b } of splits)
          if (machine.has(a) && machine.has(b)) expect(machine.get(a)).not.toBe(machine.get(b));
        for (const uids of machine.values()) {
          const members = rows.filter(({ uid }) => uids.split(' ').includes(uid));
          const hosts = members.filter(({ kind }) => kind === 'host').map(hostRoleOf);
          expect(new Set(hosts).size).toBe(hosts.length);
        }
      }),
      RUNS,
    );
  });
});
