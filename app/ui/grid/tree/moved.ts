import type { TreePage } from '#lib/api/stack.ts';
import { PAGE_SIZE } from '../../data/page-size.ts';
import type { Opened } from './tree-shape.ts';

/**
 * What is open, where it stands now: rows come and go above it, and its own children with them. What is gone from a page that was
 * read anew, or has no children left, is closed; what stands on a page that nobody has read stays as it is. The same array where
 * nothing moved.
 * @param pages by `<page> <uid of the parent>`, as they were read last
 */
export function moved(opened: readonly Opened[], pages: ReadonlyMap<string, TreePage>): readonly Opened[] {
  let changed = false;
  const next = opened.flatMap((one): Opened[] => {
    const found = find(one, pages);
    if (found === 'unread') return [one];
    if (found?.index === one.index && found.children === one.children) return [one];
    changed = true;
    return found === null || found.children === 0 ? [] : [{ ...one, ...found }];
  });
  return changed ? next : opened;
}

function find(
  { uid, parent, index }: Opened,
  pages: ReadonlyMap<string, TreePage>,
): { index: number; children: number } | 'unread' | null {
  for (const [key, page] of pages) {
    if (page.parent !== parent) continue;
    const at = page.items.findIndex(({ item }) => item.uid === uid);
    const entry = page.items[at];
    if (entry) return { index: Number.parseInt(key, 10) * PAGE_SIZE + at, children: entry.children };
  }
  return pages.has(`${Math.floor(index / PAGE_SIZE)} ${parent ?? ''}`) ? null : 'unread';
}
