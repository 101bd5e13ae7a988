import type { Links } from '../topology/links.ts';
import type { CodeColumn, NumberColumn } from './columns.ts';

/** What figures that follow from the links are made of: the rows with their links, and the columns that those ask for. */
export interface LinkedColumns {
  /** Slots in use, dead ones included. */
  readonly size: number;
  /** 255 for a dead slot, 0 for a live one. */
  readonly dead: Uint8Array;
  readonly links: Links;
  readonly hostNames: CodeColumn;
  /** Live slots by name, then uid. */
  readonly byName: { order(): Uint32Array };
  codesOf(key: 'kind' | 'state'): CodeColumn;
  numbers(key: string): Pick<NumberColumn, 'values'> | undefined;
}
