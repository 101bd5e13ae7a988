import { stringify } from 'csv-stringify/sync';
import type { Item } from '#lib/api/resources.ts';
import type { Field } from '#lib/language/field.ts';
import { FIELDS } from '#lib/language/fields.ts';

/** A text that a spreadsheet would take for a formula or that hides behind a NUL gets an apostrophe (OWASP ASVS 1.2.10). */
function cell(value: ReturnType<Field['get']>): string | number | null {
  if (typeof value === 'number' || value === null) return value;
  const text = typeof value === 'string' ? value : value.join(' ');
  return text.startsWith('\0') ? `'${text}` : text;
}

const COLUMNS = FIELDS.filter((field) => field.filterOnly !== true);

const OPTIONS = { escape_formulas: true, record_delimiter: 'windows' } as const;

/** Rows as CSV (RFC 4180), formula-safe; tags as one column of JSON. */
export async function* csv(rows: AsyncIterable<Item[]>): AsyncGenerator<string> {
  let header = stringify([[...COLUMNS.map((field) => field.key), 'tags']], OPTIONS);
  for await (const items of rows) {
    const records = items.map((item) => [...COLUMNS.map((field) => cell(field.get(item))), JSON.stringify(item.tags)]);
    yield header + stringify(records, OPTIONS);
    header = '';
  }
  if (header !== '') yield header;
}

/** Rows as one JSON array, a row a line; values keep their types. */
export async function* jsonArray(rows: AsyncIterable<Item[]>): AsyncGenerator<string> {
  let open = '[\n';
  for await (const items of rows) {
    if (items.length === 0) continue;
    yield open + items.map((item) => JSON.stringify(item)).join(',\n');
    open = ',\n';
  }
  yield open === '[\n' ? '[]\n' : '\n]\n';
}

/** A download that pulls its text as the reader takes it. The first piece is made before the answer begins: a bad query is still a 400. */
export async function download(
  name: string,
  type: string,
  chunks: AsyncGenerator<string>,
  abort: AbortController,
): Promise<Response> {
  const encoder = new TextEncoder();
  const first = await chunks.next();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (!first.done) controller.enqueue(encoder.encode(first.value));
    },
    async pull(controller) {
      const next = await chunks.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel(reason) {
      abort.abort(reason);
      await chunks.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
    },
  });
}
