import { GET } from '#app/api/v1/[...path]/route.ts';

export type Query = Record<string, string | number>;

/** Asks a question at its address below `/api/v1`, as a client of the API does. */
export function get(path: string, query: Query = {}): Promise<Response> {
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return GET(new Request(`http://localhost/api/v1${path}?${search}`));
}
