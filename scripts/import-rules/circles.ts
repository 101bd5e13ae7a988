/** Which files import which; a file that is none of them is left out. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/**
 * Groups of files that import each other in a circle, types included: neither can be read, moved or tested without the other.
 * Tarjan's algorithm; each group in the order of its names.
 */
export function circlesOf(imports: Imports): string[][] {
  const circles: string[][] = [];
  const found = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const isOpen = new Set<string>();

  const visit = (file: string): number => {
    const index = found.size;
    let low = index;
    found.set(file, index);
    open.push(file);
    isOpen.add(file);
    for (const next of imports.get(file) ?? []) {
      if (!imports.has(next)) continue;
      if (!found.has(next)) low = Math.min(low, visit(next));
      else if (isOpen.has(next)) low = Math.min(low, lowest.get(next) ?? found.get(next) ?? low);
      lowest.set(file, low);
    }
    lowest.set(file, low);
    if (low === index) {
      const group = open.splice(open.indexOf(file));
      for (const each of group) isOpen.delete(each);
      if (group.length > 1) circles.push(group.toSorted());
    }
    return low;
  };
  for (const file of imports.keys()) if (!found.has(file)) visit(file);
  return circles;
}
