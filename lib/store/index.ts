export type * from './port.ts';
export { FeedGap, StaleGeneration, StoreError } from './port.ts';
export { openReadStore } from './sqlite/read/read-store.ts';
export { openWriteStore, type SqliteStore } from './sqlite/write/write-store.ts';
