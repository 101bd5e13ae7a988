import { asRecord } from '#providers/kit/read.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';

/** Rows of one page, as ARM sends them, or as an SDK hands them out (`properties` flattened). */
export interface ArmPage {
  rows: readonly unknown[];
  /** Address of the next page. */
  next: string | undefined;
}

/** @throws ProviderError `bad-reply` where there is no list, or a next page that has no address */
export function readPage(body: unknown, place: string): ArmPage {
  const page = asRecord(body);
  if (!Array.isArray(page?.value))
    throw unexpected(place, 'a list of rows in value', page && 'value' in page ? page.value : body);
  return { rows: page.value, next: nextLink(page.nextLink, place) };
}

/** The address of a next page; ARM leaves it out, or says null or nothing, where there is none. A link that is none must not look like the end. */
export function nextLink(link: unknown, place: string): string | undefined {
  if (link === undefined || link === null || link === '') return undefined;
  if (typeof link !== 'string' || URL.parse(link) === null) throw unexpected(place, 'an address in nextLink', link);
  return link;
}
