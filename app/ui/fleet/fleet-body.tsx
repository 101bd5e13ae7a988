'use client';
import type { Scopes } from '#lib/api/resources.ts';
import { queryDiagnostic } from '../data/api.ts';
import type { Pages } from '../data/use-pages.ts';
import { GroupTable } from '../figures/group-table.tsx';
import { isReadable } from '../filter/is-readable.ts';
import { FleetTable } from '../grid/fleet-table.tsx';
import { Reading } from '../shell/reading.tsx';
import type { Mode } from '../view/view.ts';
import { Failed } from './failed.tsx';
import { TreeTable } from './lazy-parts.tsx';
import { NoMatch } from './no-match.tsx';
import { NothingYet } from './nothing-yet.tsx';
import { Unreadable } from './unreadable.tsx';

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
