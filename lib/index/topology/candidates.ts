import type { Candidate } from '#lib/linking/port.ts';
import type { Table } from '../columns/table.ts';
import type { Deduplication } from '../figures/deduplication.ts';
import { FIGURE_NAMES, type FigureName } from '../figures/figures.ts';

/** What a figure would lose. */
export interface Loss {
  figure: FigureName;
  cpu: number;
  memory: number;
}

/** Likely candidates between the rows of a selection, and what confirming them would take from its figures. */
export interface CandidateLosses {
  /** Those that would change a figure, each by itself. */
  candidates: { candidate: Candidate; losses: Loss[] }[];
  /** All of them together: rows that would become duplicates, cores and MiB. */
  likely: Record<FigureName, { duplicates: number; cpu: number; memory: number }>;
}

type LossInAll = Loss & { duplicates: number };
type Counted = ReadonlyMap<FigureName, { cpu: number; memory: number }>;
type IsIn = (slot: number) => boolean;

export function candidatesIn(isIn: IsIn, deduplication: Deduplication, table: Table): CandidateLosses {
  const candidates: CandidateLosses['candidates'] = [];
  const { heads } = table.links;
  const joined = new DisjointSets(heads);
  /** By either of two machines; good where they are all that would be one. */
  const ofPairs = new Map<number, LossInAll[]>();
  for (const candidate of table.links.stack.candidates()) {
    if (candidate.confidence !== 'likely' || !isIn(candidate.a) || !isIn(candidate.b)) continue;
    joined.join(candidate.a, candidate.b);
    const losses = lossesOfAll([candidate.a, candidate.b], deduplication, table, isIn);
    ofPairs.set(heads[candidate.a] ?? candidate.a, losses);
    ofPairs.set(heads[candidate.b] ?? candidate.b, losses);
    if (losses.length > 0) candidates.push({ candidate, losses });
  }
  const none = () => ({ duplicates: 0, cpu: 0, memory: 0 });
  const likely = { physical: none(), provisioned: none(), allocatable: none(), requested: none() };
  for (const parts of joined.machines()) {
    const pair = parts.length === 2 ? ofPairs.get(parts[0] ?? 0) : undefined;
    for (const { figure, cpu, memory, duplicates } of pair ?? lossesOfAll(parts, deduplication, table, isIn)) {
      likely[figure].duplicates += duplicates;
      likely[figure].cpu += cpu;
      likely[figure].memory += memory;
    }
  }
  return { candidates, likely };
}

/** What each figure would lose if the two were one machine. */
export const lossesOf = (
  { a, b }: Pick<Candidate, 'a' | 'b'>,
  deduplication: Deduplication,
  table: Table,
  isIn: IsIn = () => true,
): Loss[] =>
  lossesOfAll([a, b], deduplication, table, isIn).map(({ figure, cpu, memory }) => ({ figure, cpu, memory }));

/**
 * What the machines of these rows count for one by one, less what they would as one machine: hardware too, which is counted no more once
 * the hypervisor is known to be a VM.
 */
function lossesOfAll(
  slots: readonly number[],
  deduplication: Deduplication,
  { links: { stack } }: Table,
  isIn: IsIn,
): LossInAll[] {
  const parts = slots.map((slot) => stack.members(slot));
  const one = countedIn(stack.byPrecedence(parts.flat()), deduplication, isIn);
  const each = parts.map((members) => countedIn(members, deduplication, isIn));
  return FIGURE_NAMES.flatMap((figure) => {
    const before = each.flatMap((counted) => counted.get(figure) ?? []);
    const after = one.get(figure);
    const lost = (of: 'cpu' | 'memory') => before.reduce((sum, amount) => sum + known(amount[of]), -known(after?.[of]));
    const [cpu, memory] = [lost('cpu'), lost('memory')];
    const duplicates = before.length - (after ? 1 : 0);
    return cpu > 0 || memory > 0 ? [{ figure, cpu, memory, duplicates }] : [];
  });
}

const known = (amount = 0): number => (Number.isNaN(amount) ? 0 : amount);

function countedIn(members: readonly number[], deduplication: Deduplication, isIn: IsIn): Counted {
  const counted = new Map<FigureName, { cpu: number; memory: number }>();
  deduplication.eachPart(members, isIn, (figure, slot, part) => {
    if (part === 'counts') counted.set(figure, deduplication.rows.amountOf(figure, slot));
  });
  return counted;
}

/** Which machines would be one: union-find over their heads. */
class DisjointSets {
  readonly #heads: Uint32Array;
  readonly #parents = new Map<number, number>();

  constructor(heads: Uint32Array) {
    this.#heads = heads;
  }

  #root(slot: number): number {
    let at = slot;
    for (let next = this.#parents.get(at) ?? at; next !== at; next = this.#parents.get(at) ?? at) {
      this.#parents.set(at, this.#parents.get(next) ?? next);
      at = next;
    }
    return at;
  }

  join(a: number, b: number): void {
    const [one, other] = [this.#heads[a] ?? a, this.#heads[b] ?? b];
    for (const head of [one, other]) if (!this.#parents.has(head)) this.#parents.set(head, head);
    this.#parents.set(this.#root(other), this.#root(one));
  }

  /** For each machine that would be, those that it would be made of. */
  machines(): Iterable<readonly number[]> {
    const machines = new Map<number, number[]>();
    for (const head of this.#parents.keys()) {
      const root = this.#root(head);
      const list = machines.get(root);
      if (list) list.push(head);
      else machines.set(root, [head]);
    }
    return machines.values();
  }
}
