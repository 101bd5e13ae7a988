import type stack from '#lib/questions/stack.ts';
import { queryFor } from '../../data/api.ts';

/** Null where there is no such row now. */
export const stackQuery = (uid: string) => ({
  ...queryFor<typeof stack>('/resources/{uid}/stack', { uid }),
  enabled: uid !== '',
});
