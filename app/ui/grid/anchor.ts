/** A row that must stay where it is while others come and go. */
export interface Anchor {
  uid: string;
  index: number;
}

// How far a row may move between two looks and still be found: pages beyond are not loaded.
const REACH = 300;

/** The new place of the first anchor that still exists; null if none is found. */
export function findAnchor(
  anchors: readonly Anchor[],
  uidAt: (index: number) => string | undefined,
): { anchor: Anchor; index: number } | null {
  for (const anchor of anchors) {
    // Its page is not here: the list was scrolled away from it, and there is nothing to compare.
    if (uidAt(anchor.index) === undefined) continue;
    for (let distance = 0; distance <= REACH; distance++) {
      for (const index of distance === 0 ? [anchor.index] : [anchor.index - distance, anchor.index + distance]) {
        if (index >= 0 && uidAt(index) === anchor.uid) return { anchor, index };
      }
    }
  }
  return null;
}
