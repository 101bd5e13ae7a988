import type { Changes, Problem } from '#lib/query/api.ts';
import type { QueryService } from '#lib/query/service.ts';
import { CHANGES_PAGE } from './components/data/page-size.ts';
import { problemOf } from './first-answer.ts';

export interface FirstChanges {
  q: string;
  changes: Changes | null;
  problem: Problem | null;
}

export async function firstChanges(service: QueryService, q: string): Promise<FirstChanges> {
  try {
    const changes = await service.changes({ q, since: null, before: null, limit: CHANGES_PAGE });
    return { q, changes, problem: null };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return { q, changes: null, problem };
  }
}
