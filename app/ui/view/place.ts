import { type View, writeView } from './view.ts';

/** Where the reader was in the list: of this load of the page only, for the way back from a page beside it. */
interface ListPosition {
  view: View;
  /** px of the list. */
  offset: number;
  /** Row with the focus. */
  current: number;
}

let place: ListPosition | null = null;

export function leavePlace(now: ListPosition): void {
  place = now;
}

/** The place in just this view; another filter or order begins at its top. */
export const placeIn = (view: View): ListPosition | null =>
  place !== null && writeView(place.view) === writeView(view) ? place : null;

/** The list's address as it was left; null where the list has not been seen yet. */
export const wayBack = (): string | null => (place === null ? null : `/${writeView(place.view)}`);
