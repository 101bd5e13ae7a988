import { describe, expect, it } from 'vitest';
import { ProviderError } from '#providers/contract.ts';
import { type Page, pages } from './pages.ts';

const signal = new AbortController().signal;

async function read(
  next: (token: string | undefined) => Page<number[]>,
  limits = {},
  abort = signal,
): Promise<number[]> {
  const rows: number[] = [];
  for await (const items of pages('a eu-1', 'list things', abort, async (token) => next(token), limits))
    rows.push(...items);
  return rows;
}
const page = (items: number[], next?: string): Page<number[]> => ({ items, count: items.length, next });

describe('pages', () => {
  it('reads on over an empty page that names a next one', async () => {
    const of: Record<string, Page<number[]>> = { '': page([1], 'a'), a: page([], 'b'), b: page([2]) };
    expect(await read((token) => of[token ?? ''] ?? page([]))).toEqual([1, 2]);
  });

  it('takes an empty next token for the end', async () => {
    expect(await read(() => page([1], ''))).toEqual([1]);
  });

  it('fault 18: refuses a next token that repeats', async () => {
    let asked = 0;
    const same = () => {
      asked++;
      return page([1], 'same');
    };
    await expect(read(same)).rejects.toMatchObject({
      kind: 'bad-reply',
      message: 'a eu-1: list things, page 2: expected a new next page, got one that was read before',
    });
    expect(asked).toBe(2);
  });

  it('fault 114: an error of a page names the call and the page, and of two calls the one that failed', async () => {
    const third = (token: string | undefined) => {
      if (token === 'b') throw new ProviderError('network', 'a eu-1', 'answered 500');
      return page([1], token === 'a' ? 'b' : 'a');
    };
    await expect(read(third)).rejects.toMatchObject({
      message: 'a eu-1: list things, page 3: answered 500',
      action: 'list things',
      page: 3,
    });
    const other = () => {
      throw new ProviderError('network', 'a eu-1', 'answered 500').of('list sizes', 2);
    };
    await expect(read(other)).rejects.toThrow('a eu-1: list sizes, page 2: answered 500');
  });

  it('fault 19: refuses a cycle of tokens', async () => {
    let asked = 0;
    const circle = (token: string | undefined) => {
      asked++;
      return page([1], token === 'a' ? 'b' : 'a');
    };
    await expect(read(circle)).rejects.toMatchObject({ kind: 'bad-reply' });
    expect(asked).toBe(3);
  });

  it('fault 19: refuses ever new tokens without a row', async () => {
    let n = 0;
    await expect(read(() => page([], `t${n++}`))).rejects.toBeInstanceOf(ProviderError);
    expect(n).toBe(100);
  });

  it('fault 19: refuses more pages than the cap', async () => {
    let n = 0;
    await expect(read(() => page([1], `t${n++}`), { maxPages: 5 })).rejects.toMatchObject({ kind: 'bad-reply' });
    expect(n).toBe(5);
  });

  it('fault 31: stops at an abort, with its reason', async () => {
    const abort = new AbortController();
    const asked = read(
      (token) => {
        if (token) abort.abort(new Error('closing'));
        return page([1], `${token ?? ''}x`);
      },
      {},
      abort.signal,
    );
    await expect(asked).rejects.toThrow('closing');
  });
});
