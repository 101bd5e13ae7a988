import type { Item } from '#lib/api/resources.ts';
import type { Compared } from '#lib/api/stack.ts';
import type { Resource } from '#lib/model/index.ts';

/** How a field's values compare; named, never guessed from the shape of a value. */
export type FieldType = 'keyword' | 'text' | 'number' | 'size' | 'duration' | 'date' | 'address' | 'tag';

/**
 * How the index keeps a field's values, finds, counts, groups and orders by them: `lib/index/kinds` has one entry for each. What a row
 * says by itself is `codes` (values that repeat; `exact` where case counts), `number`, `time` or `text`; the others are derived.
 */
export type ColumnKind =
  | 'codes'
  | 'exact'
  | 'number'
  | 'time'
  | 'text'
  | 'name'
  | 'id'
  | 'address'
  | 'tag'
  | 'age'
  | 'unmeasured'
  | 'freshness'
  | 'on'
  | 'runs'
  | 'node'
  | 'machine'
  | 'members'
  | 'guests';

/** How a cell looks: `app/ui/cells/cell.tsx` draws each. */
export type CellKind =
  | 'text'
  | 'mono'
  | 'number'
  | 'size'
  | 'age'
  | 'time'
  | 'name'
  | 'provider'
  | 'state'
  | 'freshness'
  | 'unmeasured'
  | 'account'
  | 'host'
  | 'vcpus'
  | 'memory';

/** How a fact of the details looks: `app/ui/detail/facts-of.tsx` draws each. */
export type FactKind =
  | 'text'
  | 'mono'
  | 'figure'
  | 'time'
  | 'addresses'
  | 'requests'
  | 'size'
  | 'allocatable'
  | 'unmeasured';

/** How a value looks beside that of another row: `app/ui/topology/identity/candidate.tsx` draws each. */
export type ComparedKind = 'text' | 'mono' | 'time' | 'state' | 'account';

/** A row as it is stored. */
export type Stored = Omit<Resource, 'raw'>;

/** What a field reads: an item, or a stored row that does not know yet what its scope's state is. */
export type FieldRow = Omit<Item, 'note' | 'exposed' | 'firstSeen' | 'lastSeen' | Derived> &
  Partial<Pick<Item, Derived>>;
type Derived = 'scopeState' | 'notKnown' | 'machine' | 'members' | 'host' | 'guests' | 'node';

/** A line of the details; without a text it is left out. */
export interface Fact {
  label: string;
  show: FactKind;
  /** What it says; kinds that draw several values of a row do not read it. */
  text(item: FieldRow): string | null;
}

/** How a change of a value is recorded. */
export interface ChangeText {
  /** The model's name for it. */
  name: keyof Stored;
  text(row: Stored): string | null;
}

/** A line by which a person compares two rows that may be one machine. */
export interface ComparedValue {
  label: string;
  show: ComparedKind;
  /** Values of which a common one says that the two are alike; none where that says nothing. */
  values?(row: Compared): readonly (string | null)[];
}

/**
 * One line of the table of fields: it drives filter, URL, API, columns, details, changes, export and the index. Free of JSX, so that
 * server and client both import it, and free of zod, so that the browser does not load it.
 */
export interface Field {
  /** As in the grammar: `provider`, `vcpus`, `age`. */
  key: string;
  label: string;
  type: FieldType;
  /** What it means, in one line, with the unit. */
  help: string;
  /** Names of the model's values that it is made of; none for what follows from other rows or scopes. */
  of: readonly (keyof Stored)[];
  /**
   * Value for cell, export and sort; null = the provider does not say. Lists are joined for export. Sizes are MiB; dates and
   * durations are the ISO time they are about.
   */
  get(item: FieldRow): string | number | readonly string[] | null;
  index: ColumnKind;
  /** Can be counted as a facet and grouped by. */
  facet: boolean;
  /** Can be grouped by although it is no facet: its values are ids, which say something only with a name beside them. */
  groups?: boolean;
  sortable: boolean;
  /** True for what has no value of its own and only finds; such a field is no column and in no export. */
  filterOnly?: true;
  /** Shown as a column unless the reader hides it; `null` = no column of its own. */
  column: { width: number; align: 'left' | 'right'; shown: boolean; cell: CellKind } | null;
  /** Legal values, where the set is closed. */
  values?: readonly string[];
  /** Null where nobody asks when it changed, or where another entry tells it. */
  change: ChangeText | null;
  /** Null for what the details do not tell, or tell elsewhere. */
  fact: Fact | null;
  compared: ComparedValue | null;
}

/** A value of the model that the grammar has no field for, or has several for. */
export interface Part {
  name: string;
  label: string;
  change: ChangeText | null;
  fact: Fact | null;
}
