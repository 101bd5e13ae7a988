import type { Item, StreamEvent } from '#lib/api/resources.ts';
import type { AnswerOf, InputOf, Question, TextOf } from '#lib/questions/kit/question.ts';

/** Whether questions can be answered. While building, `done` of `total` rows are in. `failed` names the next step. */
export type Readiness =
  | { state: 'building'; done: number; total: number }
  | { state: 'ready'; revision: number; resources: number }
  | { state: 'failed'; message: string };

/** Everything the web may ask. The work happens in a worker thread; answers are plain data. */
export interface QueryService {
  readiness(): Readiness;
  /** Resolves when the index can answer; rejects if it failed. */
  ready(): Promise<void>;
  /**
   * The answer to a question as JSON text, which the main thread neither parses nor builds; null where what the path names is not there.
   * @param path the question's
   * @param input as its schema makes it
   * @throws QueryProblem
   */
  answer<Q extends Question>(path: Q['path'], input: InputOf<Q>): Promise<TextOf<Q>>;
  /** The same as a value, for those who look into it. @throws QueryProblem */
  ask<Q extends Question>(path: Q['path'], input: InputOf<Q>): Promise<AnswerOf<Q>>;
  /** The whole result in the given order, in chunks, as of one revision. */
  rows(q: string, sort: string, signal: AbortSignal): AsyncIterable<Item[]>;
  /** Calls back for each new revision after `since`; returns the unsubscribe. A listener that throws is dropped. */
  subscribe(since: number | null, listener: (event: StreamEvent) => void): () => void;
  close(): Promise<void>;
}
