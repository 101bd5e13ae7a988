import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type State, stateSchema } from '#lib/model/index.ts';

/** A row of a table of docs/states.md. */
export interface Meaning {
  native: string;
  /** What decides where the native word alone does not; empty where it does. */
  beside: string;
  state: State;
  reason: string | null;
}

const bare = (cell: string): string => cell.replace(/^`(.*)`$/, '$1');

function read(): ReadonlyMap<string, readonly Meaning[]> {
  const tables = new Map<string, Meaning[]>();
  let heading = '';
  for (const line of readFileSync(path.join(import.meta.dirname, '../../docs/states.md'), 'utf8').split('\n')) {
    heading = /^## (.*)$/.exec(line)?.[1] ?? heading;
    const cells = line.split('|').map((cell) => cell.trim());
    const [, native = '', beside = '', state = '', reason = ''] = cells;
    if (cells.length !== 7 || !native.startsWith('`')) continue;
    const rows = tables.get(heading) ?? [];
    tables.set(heading, rows);
    rows.push({
      native: bare(native),
      beside: bare(beside),
      state: stateSchema.parse(state),
      reason: reason === '–' ? null : bare(reason),
    });
  }
  return tables;
}

const TABLES = read();

/** The rows of one system's table, by its heading. */
export function meaningsOf(system: string): readonly Meaning[] {
  const rows = TABLES.get(system);
  if (!rows) throw new Error(`docs/states.md has no table ${system}`);
  return rows;
}

/** Each native word with its state where nothing stands beside it, else with the first of its rows. */
export function statesOf(system: string): readonly (readonly [native: string, state: State])[] {
  const first = new Map<string, State>();
  for (const { native, state } of meaningsOf(system)) if (!first.has(native)) first.set(native, state);
  return [...first];
}
