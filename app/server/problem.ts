import { STATUS_CODES } from 'node:http';
import type { Problem } from '#lib/api/resources.ts';

/** Completes a problem (RFC 9457): `type` is stable per code, `title` the status' own words. */
export function completeProblem(problem: Omit<Problem, 'type' | 'title'>): Problem {
  return { type: `urn:muster:problem:${problem.code}`, title: STATUS_CODES[problem.status] ?? 'Error', ...problem };
}
