import type { TreeItem } from '#lib/api/stack.ts';
import { count } from '../../text/format.ts';

/** How many rows run on a machine, and how many rows it has itself; null where there is neither. */
export function countWords(
  { item, above, aboveTotal }: Pick<TreeItem, 'item' | 'above' | 'aboveTotal'>,
  filtered: boolean,
): { text: string; title: string } | null {
  const seen = item.members > 1 ? `seen as ${count(item.members)}` : null;
  if (aboveTotal === 0)
    return seen === null ? null : { text: seen, title: `${count(item.members)} rows are this machine` };
  const on = filtered ? `${count(above)} of ${count(aboveTotal)} on it` : `${count(aboveTotal)} on it`;
  const title = filtered
    ? `${count(above)} of ${count(aboveTotal)} rows that stand on it match the filter`
    : `${count(aboveTotal)} rows stand on it, through all layers`;
  return { text: seen === null ? on : `${seen}, ${on}`, title };
}
