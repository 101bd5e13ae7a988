'use client';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Decision } from '#lib/model/index.ts';
import type capacity from '#lib/questions/capacity.ts';
import type identity from '#lib/questions/identity.ts';
import type machine from '#lib/questions/machine.ts';
import type stack from '#lib/questions/stack.ts';
import { decide, keyOf, takeBack } from '../../data/api.ts';

export type Verdict = Decision['verdict'];

const CONCERNED = [
  keyOf<typeof stack>('/resources/{uid}/stack'),
  keyOf<typeof machine>('/machines/{uid}'),
  keyOf<typeof identity>('/identity'),
  keyOf<typeof capacity>('/capacity'),
];

/** The stream says when the decision has reached the rows; this is for a page whose stream is lost. */
const again = (client: QueryClient) => {
  for (const queryKey of CONCERNED) void client.invalidateQueries({ queryKey });
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
