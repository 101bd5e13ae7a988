import type { Field, Stored } from '#lib/language/field.ts';

/** How a column keeps what rows say: codes of a dictionary, those of one that keeps case apart, numbers, or texts that are searched. */
export type Storage = 'codes' | 'exact' | 'numbers' | 'texts';

/** One column and what it keeps of a row. */
export interface ColumnOf<T> {
  key: string;
  read(row: Stored): T | null;
}

/** Which columns a table has. */
export interface Layout {
  codes: readonly (ColumnOf<string> & { exact: boolean })[];
  /** Times as epoch ms. */
  numbers: readonly ColumnOf<number>[];
  texts: readonly ColumnOf<string>[];
}

/** @param storageOf null for a field that has no column of its own */
export function layoutOf(fields: readonly Field[], storageOf: (field: Field) => Storage | null): Layout {
  const kept = (...storages: Storage[]) =>
    fields.filter((field) => {
      const storage = storageOf(field);
      return storage !== null && storages.includes(storage);
    });
  return {
    codes: kept('codes', 'exact').map((field) => ({
      key: field.key,
      read: (row) => textOf(field.get(row)),
      exact: storageOf(field) === 'exact',
    })),
    numbers: kept('numbers').map((field) => ({ key: field.key, read: (row) => numberOf(field.get(row)) })),
    texts: kept('texts').map((field) => ({ key: field.key, read: (row) => textOf(field.get(row)) })),
  };
}

type Got = ReturnType<Field['get']>;

const textOf = (value: Got): string | null => (typeof value === 'string' ? value : null);

function numberOf(value: Got): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Date.parse(value) : null;
}
