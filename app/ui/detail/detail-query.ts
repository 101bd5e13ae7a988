import type resource from '#lib/questions/resource.ts';
import { queryFor } from '../data/api.ts';

/** Null where there is no such row, nor was one lately. */
export const detailQuery = (uid: string) => queryFor<typeof resource>('/resources/{uid}', { uid });
