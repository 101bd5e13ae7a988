import type { Clock } from '../contract.ts';

/** `steady`: answered when it was last asked. `new`: never asked. `frail`: failed when it was last asked. */
export type Lane = 'steady' | 'new' | 'frail';

/** A place that is held; given back once, however often `release` is called. */
export interface Lease {
  release(): void;
  /** Aborts when the place is taken back for somebody who has waited longer than is fair. */
  displaced: AbortSignal;
}

export interface Slots {
  /** Waits for a place. @param yields the place may be taken back after {@link FAIR_MS} */
  enter(lane: Lane, signal: AbortSignal, yields?: boolean): Promise<Lease>;
}

/**
 * How long a cluster that was never asked keeps its place while others wait that were not asked either. Clusters answer within it; a
 * dead one holds nobody up for longer, and is asked once more, with all the time it needs, in the lane of those that failed.
 */
const FAIR_MS = 150;

interface Waiting {
  go(): void;
}

/**
 * Lets `limit` connections be attempted or read from at once. What answered last time goes first, then what was never asked (three
 * quarters of the places at most), then what failed last time (a quarter at most): dead clusters wait for live ones, never the
 * other way round.
 */
export function createSlots(clock: Clock, limit: number): Slots {
  const most: Record<Lane, number> = {
    steady: limit,
    new: Math.max(1, Math.floor((limit * 3) / 4)),
    frail: Math.max(1, Math.floor(limit / 4)),
  };
  const inside: Record<Lane, number> = { steady: 0, new: 0, frail: 0 };
  const waiting: Record<Lane, Set<Waiting>> = { steady: new Set(), new: new Set(), frail: new Set() };
  /** Places that may be taken back, the one held longest first. */
  const ripe = new Set<AbortController>();
  let held = 0;

  function admit(): void {
    for (const lane of ['steady', 'new', 'frail'] as const)
      for (const next of waiting[lane]) {
        if (held >= limit || inside[lane] >= most[lane]) break;
        waiting[lane].delete(next);
        next.go();
      }
    // A place is taken back for those that were never asked and for those that live, not for those that failed.
    const wanting = waiting.steady.size + waiting.new.size;
    for (const holder of [...ripe].slice(0, wanting)) {
      ripe.delete(holder);
      holder.abort(new Error('displaced'));
    }
  }

  function occupy(lane: Lane, yields: boolean): Lease {
    held++;
    inside[lane]++;
    const holder = new AbortController();
    const over = new AbortController();
    if (yields)
      clock.sleep(FAIR_MS, over.signal).then(
        () => {
          ripe.add(holder);
          admit();
        },
        () => undefined,
      );
    let open = true;
    return {
      displaced: holder.signal,
      release() {
        if (!open) return;
        open = false;
        held--;
        inside[lane]--;
        ripe.delete(holder);
        over.abort();
        admit();
      },
    };
  }

  return {
    enter: (lane, signal, yields = false) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = () => {
          waiting[lane].delete(turn);
          reject(signal.reason);
        };
        const turn: Waiting = {
          go() {
            signal.removeEventListener('abort', leave);
            resolve(occupy(lane, yields));
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting[lane].add(turn);
        admit();
      }),
  };
}
