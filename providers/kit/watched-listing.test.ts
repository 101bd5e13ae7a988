import { expect, it } from 'vitest';
import type { Batch } from '#lib/model/index.ts';
import { watchedListing } from './watched-listing.ts';

const page: Batch = { resources: [], unreadable: [] };

async function* pages(failure?: Error): AsyncGenerator<Batch> {
  yield page;
  if (failure) throw failure;
}

/** @param count batches that the reader takes, all of them by default */
async function follow(batches: AsyncIterable<Batch>, count = Number.POSITIVE_INFINITY): Promise<number> {
  let read = 0;
  for await (const event of watchedListing(batches)) {
    if (event.type !== 'listing') continue;
    try {
      for await (const _ of event.batches) if (++read === count) break;
    } catch {
      // The reader makes it an incomplete listing, and asks on.
    }
  }
  return read;
}

it('goes on behind a listing that was read to its end', async () => {
  expect(await follow(pages())).toBe(1);
});

it('ends the watch with what broke the listing off', async () => {
  const failure = new Error('no answer');
  await expect(follow(pages(failure))).rejects.toBe(failure);
});

it('does not go on behind a listing of which nobody read the end', async () => {
  await expect(follow(pages(), 1)).rejects.toThrow('read to its end');
});
