import type { Problem } from './resources.ts';

/** Thrown for a question that cannot be answered; the API turns it into problem+json as it is. */
export class QueryProblem extends Error {
  override readonly name = 'QueryProblem';
  readonly problem: Omit<Problem, 'type' | 'title' | 'status'>;
  constructor(problem: Omit<Problem, 'type' | 'title' | 'status'>) {
    super(problem.detail);
    this.problem = problem;
  }
}
