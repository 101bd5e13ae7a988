import type { Batch, Resource } from '#lib/model/index.ts';
import type { WatchCall, WatchEvent } from '#providers/contract.ts';

type Step = WatchEvent | { type: 'fail'; error: unknown };

/** What a system streams, said by a test as it goes along. Each `watch` call is a session of its own. */
export class Stream {
  sessions = 0;
  open = 0;
  /** What each session throws at once while the system is gone. */
  dead: (() => unknown) | null = null;
  /** Whether the last session was told that it may go on from where the one before broke off. */
  resumed = false;
  #steps: Step[] = [];
  #heard: (() => void) | null = null;
  readonly watch = (_scope: unknown, call: WatchCall): AsyncIterable<WatchEvent> => this.#session(call);

  listing(...pages: Resource[][]): void {
    this.events({ type: 'listing', batches: batchesOf(pages) });
  }

  brokenListing(error: unknown, ...pages: Resource[][]): void {
    this.events({ type: 'listing', batches: batchesOf(pages, { error }) });
  }

  upsert(...resources: Resource[]): void {
    this.events({ type: 'upsert', objectId: resources[0]?.objectId ?? '', resources });
  }

  gone(resource: Resource): void {
    this.events({ type: 'upsert', objectId: resource.objectId, resources: [] });
  }

  heartbeat(): void {
    this.events({ type: 'heartbeat' });
  }

  fail(error: unknown): void {
    this.events({ type: 'fail', error });
  }

  events(...steps: Step[]): void {
    this.#steps.push(...steps);
    this.#heard?.();
  }

  async *#session(call: WatchCall): AsyncGenerator<WatchEvent> {
    this.sessions++;
    this.resumed = call.resume === true;
    if (this.dead) throw this.dead();
    this.open++;
    try {
      for (;;) {
        const event = this.#steps.shift();
        if (event?.type === 'fail') throw event.error;
        if (event) yield event;
        else await this.#next(call.signal);
      }
    } finally {
      this.open--;
    }
  }

  #next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#heard = resolve;
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }
}

async function* batchesOf(pages: Resource[][], failure?: { error: unknown }): AsyncGenerator<Batch> {
  for (const resources of pages) yield { resources, unreadable: [] };
  if (failure) throw failure.error;
}
