import { describe, expect, it } from 'vitest';
import { tagsOf } from '#lib/model/index.ts';
import { anyItem } from '#tests/support/item.ts';
import { csv, download, jsonArray } from './export.ts';

async function* of<T>(...chunks: T[]): AsyncGenerator<T> {
  yield* chunks;
}
async function text(chunks: AsyncGenerator<string>): Promise<string> {
  let all = '';
  for await (const chunk of chunks) all += chunk;
  return all;
}
/** The name column of each record; names here hold no line end outside of what is tested. */
const firstCell = (record: string): string | undefined =>
  /^(?:"((?:[^"]|"")*)"|([^,]*)),/
    .exec(record)
    ?.slice(1)
    .find((cell) => cell !== undefined);

describe('export', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\tcmd',
    '\rcmd',
    '\0=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    '=cmd|"/c calc"!A1',
  ])('fault 79: a cell that begins like a formula is text: %j', async (name) => {
    const [, ...records] = (await text(csv(of([anyItem({ name })])))).split('\r\n');
    expect(firstCell(records.join('\r\n'))?.replaceAll('""', '"')).toBe(`'${name}`);
  });

  it('fault 79: quotes commas, quotes and line ends (RFC 4180) and ends each record with CRLF', async () => {
    const out = await text(csv(of([anyItem({ name: 'a,"b"\nc' })], [anyItem({ name: 'plain' })])));
    expect(out.startsWith('name,provider,kind,state,')).toBe(true);
    expect(out).toContain('\r\n"a,""b""\nc",aws,');
    expect(out).toMatch(/\r\nplain,aws,[^\r]*\r\n$/);
  });

  it('fault 79: keeps numbers as numbers, negative ones too, in JSON', async () => {
    const row = { ...anyItem(), vcpus: -1 };
    expect(JSON.parse(await text(jsonArray(of([row]))))).toMatchObject([{ vcpus: -1 }]);
  });

  it('fault 78: writes awkward tag keys as data', async () => {
    const tags = tagsOf([
      ['__proto__', 'p'],
      ['constructor', '=c'],
    ]);
    const [row] = JSON.parse(await text(jsonArray(of([anyItem({ tags })]))));
    expect(Object.entries(row.tags)).toEqual([
      ['__proto__', 'p'],
      ['constructor', '=c'],
    ]);
    expect(await text(csv(of([anyItem({ tags })])))).toContain('"{""__proto__"":""p"",""constructor"":""=c""}"');
  });

  it('writes a header or an empty array for an empty result', async () => {
    expect((await text(csv(of()))).split('\r\n')).toHaveLength(2);
    expect(JSON.parse(await text(jsonArray(of())))).toEqual([]);
  });

  it('fault 79: pulls a million rows chunk by chunk as they are read', async () => {
    let made = 0;
    const chunk = Array.from({ length: 500 }, () => anyItem());
    async function* rows() {
      while (made < 2000) {
        made++;
        yield chunk;
      }
    }
    const abort = new AbortController();
    const response = await download('x.json', 'application/json', jsonArray(rows()), abort);
    const reader = response.body?.getReader();
    for (let i = 0; i < 3; i++) await reader?.read();
    expect(made).toBeLessThan(8);
    await reader?.cancel();
    expect(abort.signal.aborted).toBe(true);
  });

  it('fails before it answers where the question is bad', async () => {
    const bad = (async function* () {
      yield* of<never>();
      throw new Error('bad query');
    })();
    await expect(download('x.csv', 'text/csv', csv(bad), new AbortController())).rejects.toThrow('bad query');
  });
});
