import type { Item } from '#lib/api/resources.ts';

/** How a field's values compare; named, never guessed from the shape of a value. */
export type FieldType = 'keyword' | 'text' | 'number' | 'size' | 'duration' | 'date' | 'address' | 'tag';

/** What a field reads: an item, or a stored row that does not know yet what its scope's state is. */
export type FieldRow = Omit<Item, 'note' | 'exposed' | 'firstSeen' | 'lastSeen' | Derived> &
  Partial<Pick<Item, Derived>>;
type Derived = 'scopeState' | 'notKnown' | 'machine' | 'members' | 'host' | 'guests' | 'node';

/**
 * One line of the table of fields: it drives filter, URL, API, columns and export. Free of JSX, so that server and client both
 * import it, and free of zod, so that the browser does not load it.
 */
export interface Field {
  /** As in the grammar: `provider`, `vcpus`, `age`. */
  key: string;
  label: string;
  type: FieldType;
  /** What it means, in one line, with the unit. */
  help: string;
  /**
   * Value for cell, export and sort; null = the provider does not say. Lists are joined for export. Sizes are MiB; dates and
   * durations are the ISO time they are about.
   */
  get(item: FieldRow): string | number | readonly string[] | null;
  /** Can be counted as a facet and grouped by. */
  facet: boolean;
  /** Can be grouped by although it is no facet: its values are ids, which say something only with a name beside them. */
  groups?: boolean;
  sortable: boolean;
  /** True for what has no value of its own and only finds; such a field is no column and in no export. */
  filterOnly?: true;
  /** Shown as a column unless the reader hides it; `null` = no column of its own. */
  column: { width: number; align: 'left' | 'right'; shown: boolean } | null;
  /** Legal values, where the set is closed. */
  values?: readonly string[];
}
