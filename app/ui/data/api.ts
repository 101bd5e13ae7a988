import type { Problem } from '#lib/api/resources.ts';
import type { Opinion, Pair } from '#lib/model/index.ts';
import type { AnswerOf, AskedOf, Question } from '#lib/questions/kit/question.ts';

/** A question the server could not answer, or could not be reached with (`problem` is null). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly problem: Problem | null;
  constructor(message: string, problem: Problem | null) {
    super(message);
    this.problem = problem;
  }
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;

/**
 * Asks a question of `lib/questions`, named by its path; what is empty is left out. Its file is imported as a type alone:
 * `ask<typeof groups>('/groups', { by: 'kind' }, signal)`.
 * @returns null where what the path names is not there
 * @throws ApiError
 */
export async function ask<Q extends Question>(
  path: Q['path'],
  input: AskedOf<Q>,
  signal: AbortSignal,
): Promise<AnswerOf<Q>> {
  const response = await reach(addressOf(path, input), { signal });
  if (response.status === 404 && path.includes('{')) return null as AnswerOf<Q>;
  return read(response);
}

/** The question as the cache keeps it, by its path and its input. */
export const queryFor = <Q extends Question>(path: Q['path'], input: AskedOf<Q>) => ({
  queryKey: [path, input] as const,
  queryFn: ({ signal }: { signal: AbortSignal }): Promise<AnswerOf<Q>> => ask<Q>(path, input, signal),
});

/** With what all keys of a question in the cache begin. */
export const keyOf = <Q extends Question>(path: Q['path']): readonly [Q['path']] => [path];

function addressOf(path: string, input: object): string {
  const search = new URLSearchParams();
  const inPath = new Map<string, string>();
  for (const [key, value] of Object.entries(input)) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (path.includes(`{${key}}`)) inPath.set(key, encodeURIComponent(text));
    else if (text !== '') search.set(key, text);
  }
  const address = path.replace(/{(\w+)}/g, (_, key) => inPath.get(key) ?? '');
  return `/api/v1${address}${search.size > 0 ? `?${search}` : ''}`;
}

/** Asks the collector to list again: one scope, or all. @throws ApiError */
export async function requestRefresh(scope: string): Promise<void> {
  await read(
    await reach('/api/v1/refresh', {
      method: 'POST',
      headers: { 'x-muster': '1', 'content-type': 'application/json' },
      body: JSON.stringify({ scope }),
    }),
  );
}

/** Tells the collector that two rows are one machine, or are not. @throws ApiError */
export async function decide(opinion: Opinion): Promise<void> {
  await read(
    await reach('/api/v1/decisions', {
      method: 'POST',
      headers: { 'x-muster': '1', 'content-type': 'application/json' },
      body: JSON.stringify(opinion),
    }),
  );
}

/** Takes back what was said of two rows; that nothing was said of them any more is as good. @throws ApiError */
export async function takeBack({ a, b }: Pair): Promise<void> {
  const search = new URLSearchParams({ a, b });
  const answer = await reach(`/api/v1/decisions?${search}`, { method: 'DELETE', headers: { 'x-muster': '1' } });
  if (answer.status !== 204 && answer.status !== 404) await read(answer);
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError('Muster does not answer. What you see is the last it said.', null);
  }
}

async function read<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as T;
  if (isProblem(body)) throw new ApiError(body.detail, body);
  throw new ApiError(`Muster answered with ${response.status}.`, null);
}

/** What cannot be read of the query, with the place to mark; null for any other error. */
export function queryDiagnostic(error: unknown): Problem | null {
  return error instanceof ApiError && error.problem?.code === 'bad-query' ? error.problem : null;
}
