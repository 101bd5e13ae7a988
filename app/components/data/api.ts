import type { Opinion, Pair } from '#lib/model/index.ts';
import type { Problem } from '#lib/query/api.ts';

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

/** Asks `/api/v1/<path>`; parameters that are empty are left out. @throws ApiError */
export async function ask<T>(
  path: string,
  parameters: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<T> {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value !== '') search.set(key, String(value));
  const query = search.size > 0 ? `?${search}` : '';
  return read(await reach(`/api/v1/${path}${query}`, { signal }));
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

/** The query's own mistake, with the place to mark; null for anything else. */
export function queryMistake(error: unknown): Problem | null {
  return error instanceof ApiError && error.problem?.code === 'bad-query' ? error.problem : null;
}
