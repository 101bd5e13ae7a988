import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { asArray, asRecord, asString } from '../kit/read.ts';

/** How a list is called in errors. */
export const CALLS = {
  servers: 'GET servers/detail',
  hypervisors: 'GET os-hypervisors/detail',
  flavors: 'GET flavors/detail',
} as const;
export type Part = keyof typeof CALLS;

/** The rows of a page. @throws ProviderError `bad-reply` without its list, which must never look like an empty one */
export function rowsOf(body: unknown, part: Part, place: string): readonly unknown[] {
  const page = asRecord(body);
  const rows = page?.[part];
  if (!Array.isArray(rows)) throw unexpected(place, `a list of ${part}`, page && part in page ? rows : body);
  return rows;
}

/** The next page as Nova links to it (`servers_links`). After a full last page there is one too, which is empty. */
export function nextOf(body: unknown, part: Part): string | undefined {
  const links = asArray(asRecord(body)?.[`${part}_links`]).map(asRecord);
  return asString(links.find((link) => link?.rel === 'next')?.href) ?? undefined;
}

/** All pages of a list. @param ask answers the page of this link, the first one without */
export const readPages = (
  part: Part,
  place: string,
  signal: AbortSignal,
  ask: (next: string | undefined) => Promise<unknown>,
): AsyncIterable<readonly unknown[]> =>
  pages(place, CALLS[part], signal, async (next) => {
    const body = await ask(next);
    const items = rowsOf(body, part, place);
    return { items, count: items.length, next: nextOf(body, part) };
  });
