import type { Item } from '#lib/api/resources.ts';
import { failingFor, whyNotKnown } from '../text/not-known.ts';

/**
 * The provider does not say: an empty cell would read as nothing, a 0 as a figure. Where a call fails that would say it, so does the
 * cell, quietly.
 * @param of the row and the key of its field
 */
export function NotSet({ of }: { of?: { item: Item; key: string } }) {
  const failing = of && failingFor(of.item, of.key);
  if (failing) {
    const why = whyNotKnown(failing);
    return (
      <span className="none is-unknown" title={why}>
        <span aria-hidden="true">?</span>
        <span className="sr-only">{why}</span>
      </span>
    );
  }
  return (
    <span className="none" title="the provider does not say">
      <span aria-hidden="true">–</span>
      <span className="sr-only">not set</span>
    </span>
  );
}
