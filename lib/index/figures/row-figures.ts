import type { Codes } from '../columns/columns.ts';
import type { LinkedColumns } from '../columns/linked.ts';
import { FIGURE_NAMES, FIGURES, type FigureKind, type FigureName } from './figures.ts';

/** Cores and MiB by slot; NaN where a row does not say. */
export interface Amounts {
  cpu: Float64Array;
  memory: Float64Array;
}

const FIRST_FIGURE = 3;

/** What a row is in figures: a kind (or none of the three) and bits, beside those of {@link bitOf}. */
export const ROW = {
  vm: 1,
  container: 2,
  host: 3,
  kind: 3,
  running: 4,
  /** The row that stands for its machine covers it in the figures of {@link COVERING}, if that row is in them. */
  covered: 1 << (FIRST_FIGURE + FIGURE_NAMES.length),
  /** Which rows of its machine count depends on which of them are selected: they are looked at together. */
  ambiguous: 2 << (FIRST_FIGURE + FIGURE_NAMES.length),
} as const;

/** Values of a row's kind and whether it runs: what rows are counted by. */
export const COUNTED = 8;

/** Set of rows that are in the figure: by themselves, and, of a machine that is not ambiguous, by its other rows. */
export const bitOf = (figure: FigureName): number => 1 << (FIRST_FIGURE + FIGURE_NAMES.indexOf(figure));

export const [PHYSICAL, PROVISIONED, ALLOCATABLE, REQUESTED] = [
  bitOf('physical'),
  bitOf('provisioned'),
  bitOf('allocatable'),
  bitOf('requested'),
];

/** Figures in which rows of another kind are duplicates. */
export const COVERING = FIGURE_NAMES.filter((name) => FIGURES[name].covers !== null);

/** What single rows say, whatever their machines are. */
export class RowReader {
  readonly amounts: Record<FigureName, Amounts>;
  readonly #kind: Codes['codes'];
  readonly #state: Codes['codes'];
  /** By code of a kind: the kind, and the figures that are about it. */
  readonly #ofKind: Uint16Array;
  /** By code of a state: whether it is running, and the figures that have rows in it. */
  readonly #ofState: Uint16Array;

  constructor(table: LinkedColumns) {
    const values = (key: string) => table.numbers(key)?.values ?? new Float64Array(0);
    const amountsOf = (name: FigureName) => ({ cpu: values(FIGURES[name].cpu), memory: values(FIGURES[name].memory) });
    this.amounts = {
      physical: amountsOf('physical'),
      provisioned: amountsOf('provisioned'),
      allocatable: amountsOf('allocatable'),
      requested: amountsOf('requested'),
    };
    const kinds = table.codesOf('kind');
    const states = table.codesOf('state');
    const bits = (fits: (name: FigureName) => boolean) =>
      FIGURE_NAMES.reduce((all, name) => all | (fits(name) ? bitOf(name) : 0), 0);
    this.#kind = kinds.codes;
    this.#state = states.codes;
    this.#ofKind = new Uint16Array(kinds.dictionary.size);
    for (const kind of ['vm', 'container', 'host'] as const) {
      const code = kinds.dictionary.find(kind);
      if (code > 0) this.#ofKind[code] = ROW[kind] | bits((name) => FIGURES[name].kind === kind);
    }
    const running = states.dictionary.find('running');
    this.#ofState = Uint16Array.from({ length: states.dictionary.size }, (_, code) => {
      const state = states.dictionary.spelling(code);
      return (code === running ? ROW.running : 0) | bits((name) => FIGURES[name].hasState(state));
    });
  }

  /** Kind, whether it runs, and the figures that the row is in by itself; as in {@link ROW} and {@link bitOf}. */
  row(slot: number): number {
    const ofKind = this.#ofKind[this.#kind[slot] ?? 0] ?? 0;
    const ofState = this.#ofState[this.#state[slot] ?? 0] ?? 0;
    const row = (ofKind & (ofState | ROW.kind)) | (ofState & ROW.running);
    return (row & MAY_BE_OUT) === 0 ? row : this.#withoutUnknown(row, slot);
  }

  #withoutUnknown(row: number, slot: number): number {
    let left = row;
    for (const name of OUT_IF_UNKNOWN) {
      const { unknown } = FIGURES[name];
      if (unknown === 'in' || this.isKnown(name, slot)) continue;
      if (unknown === 'out' || this.isKnown(unknown.outWhereKnown, slot)) left &= ~bitOf(name);
    }
    return left;
  }

  isKind(kind: FigureKind, slot: number): boolean {
    return ((this.#ofKind[this.#kind[slot] ?? 0] ?? 0) & ROW.kind) === ROW[kind];
  }

  isIn(figure: FigureName, slot: number): boolean {
    return (this.row(slot) & bitOf(figure)) !== 0;
  }

  /** Whether the row says how much it has. */
  isKnown(figure: FigureName, slot: number): boolean {
    const { cpu, memory } = this.amountOf(figure, slot);
    return !(Number.isNaN(cpu) && Number.isNaN(memory));
  }

  /** Cores and MiB; NaN where the row does not say. */
  amountOf(figure: FigureName, slot: number): { cpu: number; memory: number } {
    const { cpu, memory } = this.amounts[figure];
    return { cpu: cpu[slot] ?? Number.NaN, memory: memory[slot] ?? Number.NaN };
  }
}

const OUT_IF_UNKNOWN = FIGURE_NAMES.filter((name) => FIGURES[name].unknown !== 'in');
const MAY_BE_OUT = OUT_IF_UNKNOWN.reduce((bits, name) => bits | bitOf(name), 0);

export interface RowFigures {
  /** For each slot bits of {@link ROW} and {@link bitOf}. */
  of: Uint16Array;
  /** The rows of each ambiguous machine, in order of precedence. */
  ambiguous: readonly (readonly number[])[];
}

/** What all rows are in figures, as their machines are now. */
export function rowFiguresOf(table: LinkedColumns): RowFigures {
  const reader = new RowReader(table);
  const of = new Uint16Array(table.size);
  for (let slot = 0; slot < of.length; slot++) of[slot] = reader.row(slot);
  return { of, ambiguous: markMachines(of, table, reader) };
}

/** Bits of the kinds of a machine's rows. */
const bitOfKind = (kind: FigureKind): number => 1 << ROW[kind];

/** Kinds that make a machine ambiguous if it has rows of all of them, beside two rows of one kind. */
const NESTED = FIGURE_NAMES.flatMap((name) => {
  const { kind, nestedAs } = FIGURES[name];
  return nestedAs === null ? [] : [bitOfKind(kind) | bitOfKind(nestedAs)];
});

/** Marks what only the other rows of a machine can tell. @returns the ambiguous machines */
function markMachines(of: Uint16Array, table: LinkedColumns, reader: RowReader): number[][] {
  const { heads, stack } = table.links;
  const clustered = table.links.clusteredSlots();
  /** By the slot that stands for a machine. */
  const kinds = new Uint8Array(of.length);
  const ambiguous = new Set<number>();
  for (const slot of clustered) {
    const head = heads[slot] ?? slot;
    const bit = 1 << ((of[slot] ?? 0) & ROW.kind);
    if (((kinds[head] ?? 0) & bit) !== 0) ambiguous.add(head);
    const all = (kinds[head] ?? 0) | bit;
    kinds[head] = all;
    if (NESTED.some((nested) => (all & nested) === nested)) ambiguous.add(head);
  }
  for (const slot of clustered) {
    const head = heads[slot] ?? slot;
    if (ambiguous.has(head)) of[slot] = (of[slot] ?? 0) | ROW.ambiguous;
    else of[slot] = withMachine(of[slot] ?? 0, slot, kinds[head] ?? 0, reader);
  }
  return Array.from(ambiguous, (head) => [...stack.members(head)]);
}

/** A row beside one row at most of each other kind. */
function withMachine(row: number, slot: number, kinds: number, reader: RowReader): number {
  let changed = row;
  for (const name of FIGURE_NAMES) {
    const { kind, excludes, covers } = FIGURES[name];
    if (excludes !== null && (kinds & bitOfKind(excludes)) !== 0) changed &= ~bitOf(name);
    if (covers === null || (row & ROW.kind) !== ROW[covers] || (kinds & bitOfKind(kind)) === 0) continue;
    if (reader.isKnown(name, slot)) changed |= ROW.covered;
  }
  return changed;
}
