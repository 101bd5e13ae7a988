/** Rows of one page of the list; the server's first answer is such a page. */
export const PAGE_SIZE = 100;

export const CHANGES_PAGE = 100;
