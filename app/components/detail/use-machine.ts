'use client';
import { useQuery } from '@tanstack/react-query';
import type { Machine } from '#lib/query/stack-api.ts';
import { ApiError, ask } from '../data/api.ts';

/** The machine that a row is, with the evidence for it; null for a row that is gone. */
export const useMachine = (uid: string) =>
  useQuery({
    queryKey: ['machine', uid] as const,
    queryFn: async ({ signal }): Promise<Machine | null> => {
      try {
        return await ask<Machine>(`machines/${encodeURIComponent(uid)}`, {}, signal);
      } catch (error) {
        if (error instanceof ApiError && error.problem?.code === 'not-found') return null;
        throw error;
      }
    },
  });
