import { describe, expect, it } from 'vitest';
import { QueryProblem } from '#lib/api/problem.ts';
import type { Problem } from '#lib/api/resources.ts';
import facets from '#lib/questions/facets.ts';
import resources from '#lib/questions/resources.ts';
import { ask, json } from './answer.ts';

const get = (query: string) =>
  ask(new Request(`http://localhost/api/v1/resources${query}`), resources.input, async (parameters) =>
    json(parameters),
  );
const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem;

describe('ask', () => {
  it('fills in what was not said', async () => {
    expect(await (await get('')).json()).toEqual({ q: '', sort: '', limit: 100 });
  });

  it.each([
    ['?limit=0', 'limit'],
    ['?limit=1001', 'limit'],
    ['?limit=1e3', 'limit'],
    ['?limit=-1', 'limit'],
    ['?limit=', 'limit'],
    ['?offset=99999999999999999999', 'offset'],
    ['?ofset=1', 'ofset'],
    ['?q=a&q=b', 'q'],
    [`?q=${'a'.repeat(4097)}`, 'q'],
    ['?__proto__=1', '__proto__'],
  ])('answers %s with a problem that names %s', async (query, parameter) => {
    const response = await get(query);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await problemOf(response)).toMatchObject({ code: 'bad-parameter', parameter, status: 400 });
  });

  it('refuses a cursor together with an offset', async () => {
    expect((await get('?cursor=x&offset=1')).status).toBe(400);
  });

  it('never lets an answer be stored', async () => {
    for (const query of ['', '?limit=0']) expect((await get(query)).headers.get('cache-control')).toContain('no-store');
  });

  it('asks the reader to come back while the index is built', async () => {
    const response = await ask(new Request('http://localhost/'), facets.input, async () => {
      throw new QueryProblem({ code: 'not-ready', detail: 'building' });
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
  });

  it('throws on what is not a question’s fault', async () => {
    await expect(
      ask(new Request('http://localhost/'), facets.input, () => Promise.reject(new Error('bug'))),
    ).rejects.toThrow('bug');
  });
});
