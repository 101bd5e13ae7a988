import type { StackAnswer } from '#lib/query/stack-api.ts';
import { ApiError, ask } from '../data/api.ts';

/** Null where there is no such row now. */
export const stackQuery = (uid: string) => ({
  queryKey: ['stack', uid] as const,
  queryFn: async ({ signal }: { signal: AbortSignal }): Promise<StackAnswer | null> => {
    try {
      return await ask<StackAnswer>(`resources/${encodeURIComponent(uid)}/stack`, {}, signal);
    } catch (error) {
      if (error instanceof ApiError && error.problem?.code === 'not-found') return null;
      throw error;
    }
  },
  enabled: uid !== '',
});
