import type { QueryProblem } from '#lib/api/problem.ts';
import type { StreamEvent } from '#lib/api/resources.ts';
import type { Readiness } from './service.ts';

/** What the main thread wants of the worker. Numbers of exports are chosen by the main thread. */
export type Call =
  /** A question by its path, with the input that its schema has made. */
  | { method: 'ask'; question: string; input: object }
  | { method: 'open'; stream: number; q: string; sort: string }
  | { method: 'next'; stream: number }
  | { method: 'shut'; stream: number };

export interface WorkerRequest {
  id: number;
  call: Call;
}

/** What the worker sends. `text` is JSON, so that the main thread can hand it on without reading it. */
export type WorkerResponse =
  | { type: 'answer'; id: number; text: string }
  | { type: 'problem'; id: number; problem: QueryProblem['problem'] }
  | { type: 'readiness'; readiness: Readiness }
  | { type: 'revision'; event: StreamEvent }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; event: string; fields: Record<string, unknown> };
