/** The store as the web side opens it: to read, beside the collector. */
export type * from './port.ts';
export { FeedGap, StoreError } from './port.ts';
export { openReadStore } from './sqlite/read/read-store.ts';
