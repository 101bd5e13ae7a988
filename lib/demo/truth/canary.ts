/** Stands in every planted secret; a reader who finds it in a row, a log or a page has found a leak. */
export const CANARY = 'canary-secret';

/** The secret of one machine or pod. */
export const secretOf = (id: string): string => `${CANARY}-${id}`;
