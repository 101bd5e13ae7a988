import type { Item } from '#lib/api/resources.ts';
import { PAGE_SIZE } from '../data/page-size.ts';

/** A page of a list (`parent` is null), or of what stands on one machine. */
export interface Want {
  parent: string | null;
  page: number;
}

export const wantKey = ({ parent, page }: Want): string => `${page} ${parent ?? ''}`;

/** What a grid shows: a list of any length, of which only the pages in sight are known. */
export interface Lines {
  count: number;
  /** The resource on a line, undefined while its page is on the way. */
  at(index: number): Item | undefined;
  /** The page that a line stands on; null where there is no such line, or its page is always there. */
  wantAt(index: number): Want | null;
  /** Another object is another list, which begins at its first line. */
  question: object;
  /** Another object where lines move on purpose: nobody's place is kept then. */
  arrangement: object;
  /** Another list is asked for than is shown. */
  waiting: boolean;
  /** Nothing is there yet. */
  empty?: boolean;
}

/** The page of a line that stands at `index` among its parent's children. */
export const wantFor = (parent: string | null, index: number): Want => ({
  parent,
  page: Math.floor(index / PAGE_SIZE),
});

/** The pages of the lines in sight, and that of the line with the focus: it must not lose its content. */
export function wantsOf({ wantAt }: Pick<Lines, 'wantAt'>, first: number, last: number, focused: number): Want[] {
  const wants = new Map<string, Want>();
  const add = (index: number) => {
    const want = wantAt(index);
    if (want) wants.set(wantKey(want), want);
  };
  for (let index = first; index <= last; index++) add(index);
  add(focused);
  return [...wants.values()];
}
