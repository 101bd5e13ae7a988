import { ProviderError } from '../contract.ts';

/**
 * Reads a listing; when its credential is refused on the way, renews it once and reads the whole listing again from its first page:
 * pages of two credentials are never stitched together.
 * @param renew drops the credential in use, so that the next call fetches a new one
 */
export async function* withRenewal<T>(list: () => AsyncIterable<T>, renew: () => void): AsyncGenerator<T> {
  try {
    yield* list();
    return;
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'auth') throw error;
    renew();
  }
  yield* list();
}
