import { ProviderError } from '#providers/contract.ts';

/**
 * Pages over an iterator that is made once per listing: a mock of a million machines must not make the first half again for
 * each page of the second. Tokens are used up; a listing that was left half read is forgotten after 64 younger ones.
 */
export interface MockPages<T> {
  /**
   * @param start makes the rows of a new listing, when there is no token
   * @throws ProviderError `bad-reply` for a token that is used up: a page that is lost must not look like the end
   */
  page(place: string, token: string | undefined, start: () => Iterable<T>): { rows: T[]; next: string | undefined };
}

const MAX_OPEN = 64;

export function mockPages<T>(size: number): MockPages<T> {
  const open = new Map<string, Iterator<T>>();
  let count = 0;
  return {
    page(place, token, start) {
      const rest = token === undefined ? start()[Symbol.iterator]() : open.get(token);
      if (!rest) throw new ProviderError('bad-reply', place, 'knows no such page');
      if (token !== undefined) open.delete(token);
      const rows: T[] = [];
      while (rows.length < size) {
        const step = rest.next();
        if (step.done) return { rows, next: undefined };
        rows.push(step.value);
      }
      const next = `m${++count}`;
      open.set(next, rest);
      const oldest = open.keys().next();
      if (open.size > MAX_OPEN && !oldest.done) open.delete(oldest.value);
      return { rows, next };
    },
  };
}
