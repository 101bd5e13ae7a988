import { QueryProblem } from '#lib/api/problem.ts';

/** Milliseconds that one question may work. Part of the grammar's limits: whatever is asked, others get their turn. */
export const TIME_LIMIT = 2000;

/** The end of a question's time; long loops ask it every few thousand rows. */
export class Deadline {
  readonly #monotonic: () => number;
  readonly #end: number;

  constructor(monotonic: () => number, limit = TIME_LIMIT) {
    this.#monotonic = monotonic;
    this.#end = monotonic() + limit;
  }

  /** @throws QueryProblem `timeout` */
  check(): void {
    if (this.#monotonic() < this.#end) return;
    throw new QueryProblem({
      code: 'timeout',
      detail: 'The question took longer than 2 seconds. Narrow it down: a field is faster than a wildcard.',
    });
  }
}
