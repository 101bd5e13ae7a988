'use client';
import type { Scopes } from '#lib/api/resources.ts';
import { queryDiagnostic } from '../data/api.ts';
import type { Pages } from '../data/use-pages.ts';
import { isReadable } from '../filter/is-readable.ts';
import { GroupTable } from '../groups/group-table.tsx';
import { Failed } from '../states/failed.tsx';
import { NoMatch } from '../states/no-match.tsx';
import { NothingYet } from '../states/nothing-yet.tsx';
import { Reading } from '../states/reading.tsx';
import { Unreadable } from '../states/unreadable.tsx';
import { FleetTable } from '../table/fleet-table.tsx';
import type { Mode } from '../view/view.ts';
import { TreeTable } from './lazy-parts.tsx';

interface Props {
  pages: Pages;
  /** The field to group by, or null for rows. */
  by: string | null;
  mode: Mode;
  scopes: Scopes;
  onWant(pages: readonly number[]): void;
}

/** The list in one of its states: rows, groups, nothing that matches, nothing at all, or what went wrong. */
export function FleetBody({ pages, by, mode, scopes, onWant }: Props) {
  const { question, error, updatedAt, total } = pages;
  if (updatedAt === 0) {
    if (queryDiagnostic(error) || !isReadable(question.q)) return <Unreadable />;
    if (error) return <Failed error={error} onRetry={pages.retry} />;
    return <Reading />;
  }
  if (by !== null) return <GroupTable q={question.q} by={by} />;
  if (total === 0 && question.q.trim() === '') return <NothingYet initial={scopes} />;
  if (total === 0) return <NoMatch q={question.q} freshness={pages.freshness} />;
  if (mode === 'tree') return <TreeTable question={question} />;
  return <FleetTable pages={pages} onWant={onWant} />;
}
