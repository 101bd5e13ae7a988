import type { Batch } from '#lib/model/index.ts';
import { ProviderError } from '../contract.ts';

/**
 * Reads a listing; when its credential is refused on the way, renews it once and reads the whole listing again from its first page:
 * pages of two credentials are never stitched together, so what the first one brought is void.
 * @param renew drops the credential in use, so that the next call fetches a new one
 */
export async function* withRenewal(list: () => AsyncIterable<Batch>, renew: () => void): AsyncGenerator<Batch> {
  try {
    yield* list();
    return;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    renew();
  }
  yield { resources: [], unreadable: [], restart: true };
  yield* list();
}
