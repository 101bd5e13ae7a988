import type { CellKind, Field } from '#lib/language/field.ts';
import { FIELDS } from '#lib/language/fields.ts';
import type { View } from '../view/view.ts';

export interface Column {
  key: string;
  label: string;
  help: string;
  align: 'left' | 'right';
  width: number;
  sortable: boolean;
  shown: boolean;
  cell: CellKind;
  field: Field;
}

/** The name stays: without it a row is nobody's. */
export const FIRST = 'name';
export const MIN_WIDTH = 44;
export const MAX_WIDTH = 900;

/** Every column there is, from the table of fields; the name first. */
export const COLUMNS: readonly Column[] = FIELDS.flatMap((field): Column[] =>
  field.column === null
    ? []
    : [
        {
          key: field.key,
          label: field.label,
          help: field.help,
          align: field.column.align,
          // The heading must be readable whole.
          width: Math.max(field.column.width, Math.ceil(field.label.length * 6.4) + 18),
          sortable: field.sortable,
          shown: field.column.shown,
          cell: field.column.cell,
          field,
        },
      ],
).sort((a, b) => Number(b.key === FIRST) - Number(a.key === FIRST));

/** Keys of the columns a view shows, in order. */
export function shownKeys(view: Pick<View, 'columns'>): string[] {
  const chosen = view.columns?.filter((key) => key !== FIRST && COLUMNS.some((column) => column.key === key));
  const keys = chosen ?? COLUMNS.filter((column) => column.shown && column.key !== FIRST).map((column) => column.key);
  return [FIRST, ...new Set(keys)];
}
