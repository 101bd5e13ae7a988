/** Cuts all rows of a listing into pages: from the token of the request to this page's rows and the next token. */
export interface Paging {
  <T>(rows: readonly T[], token: string | undefined): { rows: T[]; next: string | undefined };
  /** Of the pages, where they are well-behaved: a real server makes such itself. */
  size?: number;
}

const offsetOf = (token: string | undefined): number => (token === undefined ? 0 : Number(token.replace(/^\D+/, '')));

/** Well-behaved pages of `size`. */
export function pagesOf(size: number): Paging {
  const paging: Paging = (rows, token) => {
    const from = offsetOf(token);
    const end = from + size;
    return { rows: rows.slice(from, end), next: end < rows.length ? `t${end}` : undefined };
  };
  return Object.assign(paging, { size });
}

/** Pages of `size`, each followed by a page without rows that has a next token. */
export const emptyBetween =
  (size: number): Paging =>
  (rows, token) => {
    if (token?.startsWith('e')) return { rows: [], next: `t${offsetOf(token)}` };
    const page = pagesOf(size)(rows, token);
    return { rows: page.rows, next: page.next?.replace('t', 'e') };
  };

/** Each page begins with the last row of the page before it. */
export const overlapping =
  (size: number): Paging =>
  (rows, token) => {
    const from = offsetOf(token);
    const end = from + size;
    return { rows: rows.slice(Math.max(0, from - 1), end), next: end < rows.length ? `t${end}` : undefined };
  };

/** The same token for ever. */
export const sameToken: Paging = (rows) => ({ rows: rows.slice(0, 1), next: 't1' });

/** A, B, A, B. */
export const tokenCycle: Paging = (rows, token) => ({ rows: rows.slice(0, 1), next: token === 't1' ? 't2' : 't1' });

/** New tokens for ever, never a row. */
export const endlessEmpty: Paging = (_rows, token) => ({ rows: [], next: `t${offsetOf(token) + 1}` });
