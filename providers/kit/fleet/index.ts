export { CANARY } from './canary.ts';
export { chance, digits, hex, mix, pick, uuid } from './hash.ts';
export type * from './types.ts';
