'use client';
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { TreeItem, TreePage } from '#lib/api/stack.ts';
import { PAGE_SIZE } from '../../data/page-size.ts';
import type { Question } from '../../data/use-pages.ts';
import { type Lines, type Want, wantFor, wantKey } from '../lines.ts';
import { moved } from './moved.ts';
import { treeQuery } from './tree-query.ts';
import { type Line, type Opened, TreeShape } from './tree-shape.ts';

export interface TreeLine extends Line {
  /** Undefined while its page is on the way. */
  entry: TreeItem | undefined;
  open: boolean;
}

/** The result as a tree with random access to its lines; only pages in sight are asked for. */
export function useTree(question: Question, wanted: readonly Want[]) {
  const [opened, setOpened] = useState<readonly Opened[]>([]);
  // What a person opened or closed moves lines on purpose; rows that come and go must not.
  const [step, setStep] = useState(0);
  const [shown, setShown] = useState(question);
  if (shown !== question) {
    setShown(question);
    setOpened([]);
  }
  const roots = useQuery({ ...treeQuery(question, null, 0), placeholderData: keepPreviousData });
  const answers = useQueries({ queries: wanted.map(({ parent, page }) => treeQuery(question, parent, page)) });

  const pages = new Map<string, TreePage>();
  if (roots.data) pages.set(wantKey({ parent: null, page: 0 }), roots.data);
  for (const [i, want] of wanted.entries()) {
    const data = answers[i]?.data;
    if (data) pages.set(wantKey(want), data);
  }
  const stamp = [roots, ...answers].reduce((sum, answer) => sum + answer.dataUpdatedAt, 0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the pages are new each time; their stamp says whether they changed
  useEffect(() => setOpened((before) => moved(before, pages)), [stamp]);

  const total = roots.data?.total ?? 0;
  const shape = useMemo(() => new TreeShape(total, opened), [total, opened]);
  const isOpen = new Set(opened.map(({ uid }) => uid));

  const lineAt = (index: number): TreeLine | null => {
    const line = shape.at(index);
    if (line === null) return null;
    const page = pages.get(wantKey(wantFor(line.parent, line.index)));
    const entry = page?.items[line.index % PAGE_SIZE];
    return { ...line, entry, open: entry !== undefined && isOpen.has(entry.item.uid) };
  };
  const toggle = useCallback((line: TreeLine) => {
    const { entry, parent, index } = line;
    if (!entry || entry.children === 0) return;
    const { uid } = entry.item;
    setStep((n) => n + 1);
    setOpened((before) =>
      before.some((one) => one.uid === uid)
        ? before.filter((one) => one.uid !== uid)
        : [...before, { uid, parent, index, children: entry.children }],
    );
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is another list to keep one's place in
  const arrangement = useMemo(() => ({ ...question }), [question, step]);
  const lines: Lines = {
    count: shape.count,
    at: (index) => lineAt(index)?.entry?.item,
    wantAt: (index) => {
      const line = shape.at(index);
      if (line === null) return null;
      const want = wantFor(line.parent, line.index);
      // The first page of the roots is always there.
      return want.parent === null && want.page === 0 ? null : want;
    },
    question,
    arrangement,
    waiting: roots.isPlaceholderData,
    empty: roots.data === undefined,
  };
  return {
    lines,
    lineAt,
    /** The line of the machine that a line stands on; null for a root. */
    parentOf: ({ parent }: TreeLine) => (parent === null ? null : shape.lineOf(parent, 0) - 1),
    toggle,
    error: roots.error ?? answers.find(({ error }) => error)?.error ?? null,
    retry: () => {
      for (const answer of [roots, ...answers]) if (answer.error) void answer.refetch();
    },
  };
}
