import type changesQuestion from '#lib/questions/changes.ts';
import type { QueryService } from '#lib/web/service.ts';
import type { FirstChanges } from '../../ui/changes/changes-page.tsx';
import { CHANGES_PAGE } from '../../ui/data/page-size.ts';
import { problemOf } from '../first-answer.ts';
import { jsonOf } from '../json-of.ts';

/** {@link FirstChanges} as JSON. */
export async function firstChanges(service: QueryService, text: string): Promise<string> {
  const q = JSON.stringify(text);
  try {
    const changes = await service.answer<typeof changesQuestion>('/changes', { q: text, limit: CHANGES_PAGE });
    return jsonOf<FirstChanges>({ q, changes, problem: null });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return jsonOf<FirstChanges>({ q, changes: null, problem: JSON.stringify(problem) });
  }
}
