'use client';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Decision } from '#lib/model/index.ts';
import { decide, takeBack } from '../data/api.ts';

export type Verdict = Decision['verdict'];

const CONCERNED = ['stack', 'machine', 'identity', 'capacity'];

/** The stream says when the decision has reached the rows; this is for a page whose stream is lost. */
const again = (client: QueryClient) => {
  for (const key of CONCERNED) void client.invalidateQueries({ queryKey: [key] });
};

export function useDecide(a: string, b: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verdict, reason }: { verdict: Verdict; reason: string }) => decide({ a, b, verdict, reason }),
    onSuccess: () => again(client),
  });
}

export function useTakeBack(a: string, b: string) {
  const client = useQueryClient();
  return useMutation({ mutationFn: () => takeBack({ a, b }), onSuccess: () => again(client) });
}
