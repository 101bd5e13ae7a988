import type { Readiness } from '#lib/query/service.ts';
import { QueryProblem } from '#lib/query/service.ts';
import type { Answers } from './answers.ts';
import type { Ask, Call, Said } from './protocol.ts';
import type { RowList } from './row-list.ts';

/** Rows of one chunk of an export. */
const CHUNK = 500;

const NOT_READY = 'The list is being read from the store. Try again in a moment.';

/** Takes questions in and sends answers out as JSON. */
export class Desk {
  /** Null while there is nobody to answer. */
  answers: Answers | null = null;
  readiness: Readiness = { state: 'building', done: 0, total: 0 };
  readonly #say: (said: Said) => void;
  readonly #streams = new Map<number, { list: RowList; at: number }>();

  constructor(say: (said: Said) => void) {
    this.#say = say;
  }

  async take({ id, call }: Ask): Promise<void> {
    try {
      const text = JSON.stringify(await this.#answer(call));
      this.#say({ type: 'answer', id, text });
    } catch (error) {
      this.#say({ type: 'problem', id, problem: this.#problemOf(error) });
    }
  }

  #problemOf(error: unknown): QueryProblem['problem'] {
    if (error instanceof QueryProblem) return error.problem;
    this.#say({ type: 'log', level: 'error', event: 'query.failed', fields: { error: String(error) } });
    return { code: 'internal', detail: 'The question failed. See the log.' };
  }

  async #answer(call: Call): Promise<unknown> {
    const { answers } = this;
    if (answers === null) {
      const detail = this.readiness.state === 'failed' ? this.readiness.message : NOT_READY;
      throw new QueryProblem({ code: 'not-ready', detail });
    }
    switch (call.method) {
      case 'page':
        return answers.page(call.request);
      case 'facets':
        return answers.facets(call.q, call.fields);
      case 'groups':
        return answers.groups(call.q, call.by);
      case 'detail':
        return answers.detail(call.uid);
      case 'changes':
        return answers.changes(call.request);
      case 'scopes':
        return answers.scopes();
      case 'stack':
        return answers.stacks.stack(call.uid);
      case 'machine':
        return answers.stacks.machine(call.uid);
      case 'capacity':
        return answers.stacks.capacity(call.q);
      case 'identity':
        return answers.stacks.identity(call.request);
      case 'tree':
        return answers.stacks.tree(call.request);
      case 'permissions':
        return answers.permissions();
      case 'open':
        this.#streams.set(call.stream, { list: answers.open(call.q, call.sort), at: 0 });
        return null;
      case 'next':
        return this.#next(answers, call.stream);
      case 'shut':
        return this.#shut(answers, call.stream);
    }
  }

  /** The next rows of an export, or null at its end. */
  async #next(answers: Answers, number: number): Promise<unknown> {
    const stream = this.#streams.get(number);
    // Half an export must never look like a whole one.
    if (!stream) throw new QueryProblem({ code: 'internal', detail: 'The export broke off. Start it again.' });
    if (stream.at >= stream.list.length) return null;
    const uids = stream.list.uids(stream.at, stream.at + CHUNK);
    stream.at += CHUNK;
    return answers.items(uids);
  }

  #shut(answers: Answers, number: number): null {
    const stream = this.#streams.get(number);
    this.#streams.delete(number);
    if (stream) answers.shut(stream.list);
    return null;
  }
}
