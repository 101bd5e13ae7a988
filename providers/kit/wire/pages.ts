import { ProviderError } from '#providers/contract.ts';
import { named } from './named.ts';

/** One answered page: what it held and where the next begins. */
export interface Page<T> {
  items: T;
  /** How many rows it held; pages without rows are legal, too many in a row are not. */
  count: number;
  next: string | undefined;
}

export interface PageLimits {
  /** Default 20,000. */
  maxPages?: number;
  /** Pages without a row in a row; default 100. */
  maxEmpty?: number;
}

/**
 * Reads pages until there is no next token. A token seen before, too many pages or too many empty ones are a `bad-reply`:
 * a loop must never look like the end (aws-sdk-js-v3#3490, botocore#3778).
 * @param action the call in the provider's words; it and the page stand in every error
 */
export async function* pages<T>(
  place: string,
  action: string,
  signal: AbortSignal,
  fetchPage: (token: string | undefined) => Promise<Page<T>>,
  limits: PageLimits = {},
): AsyncGenerator<T> {
  const maxPages = limits.maxPages ?? 20_000;
  const maxEmpty = limits.maxEmpty ?? 100;
  const seen = new Set<string>();
  let empty = 0;
  let token: string | undefined;
  for (let page = 1; page <= maxPages; page++) {
    signal.throwIfAborted();
    const answer = await named(action, () => fetchPage(token), page);
    signal.throwIfAborted();
    yield answer.items;
    if (!answer.next) return;
    if (seen.has(answer.next)) throw refused('expected a new next page, got one that was read before', page);
    seen.add(answer.next);
    empty = answer.count === 0 ? empty + 1 : 0;
    if (empty >= maxEmpty) throw refused(`expected rows or the end, got ${empty} pages in a row without either`, page);
    token = answer.next;
  }
  throw refused(`expected at most ${maxPages} pages, got more`, maxPages);

  function refused(message: string, page: number): ProviderError {
    return new ProviderError('bad-reply', place, message).of(action, page);
  }
}
