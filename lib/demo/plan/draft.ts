import type { Account, Cloud } from '../types/types.ts';

/** A part of the plan while it is made. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type Accounts = Record<Cloud, Account[]>;

/**
 * How many conflicts of a kind are planted: none in small fleets, then slowly more.
 * 1 at 2,000, 2 at 20,000, 4 at 100,000, 8 at 1,000,000.
 */
export const few = (resources: number): number =>
  resources < 1500 ? 0 : Math.max(1, Math.round(Math.cbrt(resources / 2000)));
