import type { Batch } from '#lib/model/index.ts';
import type { WatchEvent } from '#providers/contract.ts';

/**
 * The listing of a watch, to be read to its end before the watch goes on.
 * @throws what it broke off with, which its reader knows from the batches already
 */
export async function* watchedListing(batches: AsyncIterable<Batch>): AsyncGenerator<WatchEvent, void> {
  let failure: { error: unknown } | null = { error: new Error('a listing of a watch must be read to its end') };
  async function* read(): AsyncGenerator<Batch> {
    try {
      yield* batches;
      failure = null;
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  yield { type: 'listing', batches: read() };
  if (failure) throw failure.error;
}
