'use client';
import { type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Freshness, Item, ResourcePage } from '#lib/api/resources.ts';
import type resources from '#lib/questions/resources.ts';
import { isReadable } from '../filter/is-readable.ts';
import { queryFor } from './api.ts';
import { PAGE_SIZE } from './page-size.ts';

export { PAGE_SIZE };

/** A page as it came, with the milliseconds it took. */
export type TimedPage = ResourcePage & { took: number };

/** What is asked: the two things a result depends on. */
export interface Question {
  q: string;
  sort: string;
}

export interface Pages {
  /** The question whose rows are shown: the last one that was answered. */
  question: Question;
  /** True while another question is asked than shown. */
  waiting: boolean;
  total: number;
  /** The row at `index`, undefined while its page is on the way. */
  at(index: number): Item | undefined;
  freshness: Freshness | null;
  took: number;
  error: Error | null;
  /** When the newest page came, epoch ms. */
  updatedAt: number;
  retry(): void;
}

const untimed = ({ q, sort }: Question, page: number) =>
  queryFor<typeof resources>('/resources', { q, sort, limit: PAGE_SIZE, offset: page * PAGE_SIZE });

export const pageKey = (question: Question, page: number) => untimed(question, page).queryKey;

const pageQuery = (question: Question, page: number) => {
  const { queryKey, queryFn } = untimed(question, page);
  return {
    queryKey,
    queryFn: async (context: { signal: AbortSignal }): Promise<TimedPage> => {
      const start = performance.now();
      const answer = await queryFn(context);
      return { ...answer, took: performance.now() - start };
    },
    gcTime: 60_000,
  };
};

/** The result of a question as a list with random access; only the wanted pages are asked for. */
export function usePages(asked: Question, wanted: readonly number[]): Pages {
  const [question, setQuestion] = useState(asked);
  const waiting = asked.q !== question.q || asked.sort !== question.sort;
  const readable = isReadable(asked.q);
  const first = useQuery({ ...pageQuery(asked, 0), enabled: readable && (waiting || wanted.includes(0)) });
  if (waiting && first.data) setQuestion(asked);

  const answers = useQueries({
    queries: wanted.map((page) => ({ ...pageQuery(question, page), enabled: !waiting && readable })),
  });
  // The first page's answer holds the list together while a jump waits for pages that nobody has read.
  const held = waiting ? { pages: wanted, answers } : { pages: [0, ...wanted], answers: [first, ...answers] };
  return {
    ...combine(held.pages, held.answers),
    question,
    waiting,
    error: errorOf(first, answers),
    retry: () => retry(first, answers),
  };
}

type Answer = UseQueryResult<TimedPage, Error>;

function combine(pages: readonly number[], answers: readonly Answer[]) {
  const byPage = new Map<number, TimedPage>();
  let newest: Answer | null = null;
  for (const [i, answer] of answers.entries()) {
    if (!answer.data) continue;
    byPage.set(pages[i] ?? 0, answer.data);
    if (!newest || answer.dataUpdatedAt > newest.dataUpdatedAt) newest = answer;
  }
  return {
    total: newest?.data?.total ?? 0,
    at: (index: number) => byPage.get(Math.floor(index / PAGE_SIZE))?.items[index % PAGE_SIZE],
    freshness: newest?.data?.freshness ?? null,
    took: newest?.data?.took ?? 0,
    updatedAt: newest?.dataUpdatedAt ?? 0,
  };
}

const errorOf = (first: Answer, answers: readonly Answer[]): Error | null =>
  first.error ?? answers.find((answer) => answer.error)?.error ?? null;

function retry(first: Answer, answers: readonly Answer[]): void {
  for (const answer of [first, ...answers]) if (answer.error) void answer.refetch();
}
