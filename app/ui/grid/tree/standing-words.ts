import type { TreeItem } from '#lib/api/stack.ts';
import { count } from '../../text/format.ts';

/** How many rows stand on a machine, and as how many it is seen itself; null where there is nothing to say. */
export function standingWords(
  { item, above, standing }: Pick<TreeItem, 'item' | 'above' | 'standing'>,
  filtered: boolean,
): { text: string; title: string } | null {
  const seen = item.members > 1 ? `seen as ${count(item.members)}` : null;
  if (standing === 0)
    return seen === null ? null : { text: seen, title: `${count(item.members)} rows are this machine` };
  const on = filtered ? `${count(above)} of ${count(standing)} on it` : `${count(standing)} on it`;
  const title = filtered
    ? `${count(above)} of ${count(standing)} rows that stand on it match the filter`
    : `${count(standing)} rows stand on it, through all layers`;
  return { text: seen === null ? on : `${seen}, ${on}`, title };
}
