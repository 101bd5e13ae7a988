import { QueryProblem } from '#lib/api/problem.ts';
import type { RowList } from '#lib/index/columns/row-list.ts';
import type { Context } from '#lib/questions/kit/question.ts';
import type { QuestionTable } from '#lib/questions/kit/table.ts';
import type { Call, WorkerRequest, WorkerResponse } from './protocol.ts';
import type { Readiness } from './service.ts';

/** Rows of one chunk of an export. */
const CHUNK = 500;

const NOT_READY = 'The list is being read from the store. Try again in a moment.';

/** Takes requests and sends answers as JSON. */
export class Dispatcher {
  /** Null while there is nothing to answer from. */
  context: Context | null = null;
  readiness: Readiness = { state: 'building', done: 0, total: 0 };
  readonly #questions: QuestionTable;
  readonly #send: (response: WorkerResponse) => void;
  readonly #streams = new Map<number, { list: RowList; at: number }>();

  constructor(questions: QuestionTable, send: (response: WorkerResponse) => void) {
    this.#questions = questions;
    this.#send = send;
  }

  async take({ id, call }: WorkerRequest): Promise<void> {
    try {
      const text = JSON.stringify(await this.#answer(call));
      this.#send({ type: 'answer', id, text });
    } catch (error) {
      this.#send({ type: 'problem', id, problem: this.#problemOf(error) });
    }
  }

  #problemOf(error: unknown): QueryProblem['problem'] {
    if (error instanceof QueryProblem) return error.problem;
    this.#send({ type: 'log', level: 'error', event: 'query.failed', fields: { error: String(error) } });
    return { code: 'internal', detail: 'The question failed. See the log.' };
  }

  async #answer(call: Call): Promise<unknown> {
    const { context } = this;
    if (context === null) {
      const detail = this.readiness.state === 'failed' ? this.readiness.message : NOT_READY;
      throw new QueryProblem({ code: 'not-ready', detail });
    }
    switch (call.method) {
      case 'ask':
        return this.#ask(call.question, call.input, context);
      case 'open':
        this.#streams.set(call.stream, { list: context.engine.rows(call.q, call.sort), at: 0 });
        return null;
      case 'next':
        return this.#next(context, call.stream);
      case 'shut':
        return this.#shut(context, call.stream);
    }
  }

  #ask(path: string, input: object, context: Context): unknown {
    const question = this.#questions.get(path);
    if (question === undefined) throw new Error(`there is no question ${path}`);
    return question.run(input, context);
  }

  /** The next rows of an export, or null at its end. */
  async #next({ rows }: Context, number: number): Promise<unknown> {
    const stream = this.#streams.get(number);
    // Half an export must never look like a whole one.
    if (!stream) throw new QueryProblem({ code: 'internal', detail: 'The export broke off. Start it again.' });
    if (stream.at >= stream.list.length) return null;
    const uids = stream.list.uids(stream.at, stream.at + CHUNK);
    stream.at += CHUNK;
    return rows.items(uids);
  }

  #shut({ engine }: Context, number: number): null {
    const stream = this.#streams.get(number);
    this.#streams.delete(number);
    if (stream) engine.release(stream.list);
    return null;
  }
}
