import type { CellKind, ColumnKind, ComparedValue, Fact, FactKind, Field, FieldType, Stored } from './field.ts';

type Get = Field['get'];
type Value = ReturnType<Get>;
type ColumnShape = { width: number; align: 'left' | 'right'; shown: boolean };

/** Names of the model whose values are shown as they are. */
type Plain = { [K in keyof Stored]: Stored[K] extends Value ? K : never }[keyof Stored];

/** Where a value comes from: one of the model's as it is, or read from some of them or from elsewhere. */
type Reads = { of: Plain; get?: never } | { of?: keyof Stored | readonly (keyof Stored)[]; get: Get };

/** An entry of the table as it is written there; what is not said follows from the type. */
export type Entry = Reads & {
  key: string;
  label: string;
  help: string;
  index?: ColumnKind;
  facet?: boolean;
  groups?: true;
  sortable?: boolean;
  filterOnly?: true;
  column?: ColumnShape | null;
  cell?: CellKind;
  values?: readonly string[];
  /** The words of a change. A value of the model is told by its field unless this is false. */
  change?: false | ((row: Stored) => string | null);
  /** A line of the details: the field's value in this look, or what is written there instead. */
  fact?: FactKind | (Partial<Fact> & Pick<Fact, 'show'>);
  compared?: Partial<ComparedValue> & Pick<ComparedValue, 'show'>;
};

export const left = (width: number, shown = false): ColumnShape => ({ width, align: 'left', shown });
export const right = (width: number, shown = false): ColumnShape => ({ width, align: 'right', shown });

/** Text that repeats over many rows: filtered by value, counted as a facet, grouped by. */
export const keyword = (entry: Entry): Field =>
  fieldOf('keyword', { index: 'codes', facet: true, sortable: true, column: left(140), cell: 'text', ...entry });

/** Text of its own in nearly every row: no facet, and its order would say nothing. */
export const text = (entry: Entry): Field =>
  fieldOf('text', { index: 'text', column: left(220), cell: 'text', ...entry });

export const number = (entry: Entry): Field =>
  fieldOf('number', { index: 'number', sortable: true, column: right(110), cell: 'number', ...entry });

/** MiB. */
export const size = (entry: Entry): Field =>
  fieldOf('size', { index: 'number', sortable: true, column: right(110), cell: 'size', ...entry });

export const date = (entry: Entry): Field =>
  fieldOf('date', { index: 'time', sortable: true, column: right(150), cell: 'time', ...entry });

/** The time from a moment of the row to now. */
export const duration = (entry: Entry): Field =>
  fieldOf('duration', { index: 'age', sortable: true, column: right(80), cell: 'age', ...entry });

export const address = (entry: Entry): Field =>
  fieldOf('address', { index: 'address', column: left(140), cell: 'mono', ...entry });

export const tag = (entry: Entry): Field =>
  fieldOf('tag', { index: 'tag', facet: true, sortable: true, column: left(140), cell: 'text', ...entry });

type Whole = Entry & { index: ColumnKind; cell: CellKind; column: ColumnShape | null };

function fieldOf(type: FieldType, entry: Whole): Field {
  const { key, label, help, index, cell, column, groups, filterOnly, values } = entry;
  const of = entry.of === undefined ? [] : typeof entry.of === 'object' ? entry.of : [entry.of];
  const get = getOf(entry);
  return {
    key,
    label,
    type,
    help,
    of,
    get,
    index,
    facet: entry.facet ?? false,
    sortable: entry.sortable ?? false,
    column: column && { ...column, cell },
    ...(groups && { groups }),
    ...(filterOnly && { filterOnly }),
    ...(values && { values }),
    change: changeOf(entry, get),
    fact: entry.fact === undefined ? null : factOf(label, entry.fact, get),
    compared: entry.compared === undefined ? null : { label: label.toLowerCase(), ...entry.compared },
  };
}

function getOf(entry: Reads): Get {
  if (entry.get !== undefined) return entry.get;
  const { of } = entry;
  return (row) => row[of];
}

function changeOf({ of, change }: Entry, get: Get): Field['change'] {
  if (change === false || typeof of !== 'string') return null;
  return { name: of, text: change ?? ((row) => textOf(get(row))) };
}

/** @param get what it says unless `fact` says so itself */
export function factOf(label: string, fact: NonNullable<Entry['fact']>, get: Get): Fact {
  const shown = typeof fact === 'string' ? { show: fact } : fact;
  return { label, text: (item) => textOf(get(item)), ...shown };
}

/** Systems return lists in any order; only another set is a change. */
export const setText = (values: readonly string[] | null): string | null => values?.toSorted().join(', ') || null;

function textOf(value: Value): string | null {
  if (value === null || typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : setText(value);
}
