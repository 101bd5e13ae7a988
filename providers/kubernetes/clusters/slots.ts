import type { Environment } from '#providers/contract.ts';

/**
 * `steady`: answered when it was last asked. `new`: never asked. `lost`: failed, and answered not long before. `slow`: was asked and had to make way before it answered. `frail`:
 * failed when it was last asked, or had to make way twice.
 */
export type Lane = (typeof LANES)[number];
const LANES = ['steady', 'new', 'lost', 'slow', 'frail'] as const;

/** A place that is held; given back once, however often `release` is called. */
export interface Lease {
  release(): void;
  /** Aborts when the place is taken back for somebody who has waited longer than is fair. */
  displaced: AbortSignal;
}

export interface Slots {
  /** Waits for a place. @param yields the place may be taken back after a fair time */
  enter(lane: Lane, signal: AbortSignal, yields?: boolean): Promise<Lease>;
}

/**
 * How long one that yields keeps its place while others wait. Clusters nearby answer within the first, those far away within the
 * second; a dead one holds nobody up for longer, and has all its time once nobody else waits.
 */
const FAIR_MS: Record<Lane, number> = { steady: 1000, new: 100, lost: 1000, slow: 1000, frail: 1000 };

interface Waiting {
  go(): void;
}

/**
 * Lets `limit` connections be attempted or read from at once. What answered last time goes first, then what was never asked, what was
 * lost lately, what was slow, what failed: those four take three quarters of the places at most. Dead clusters wait for live ones, never the other way round.
 */
export function createSlots({ clock, random }: Pick<Environment, 'clock' | 'random'>, limit: number): Slots {
  const mostUnproven = Math.max(1, Math.floor((limit * 3) / 4));
  const waiting: Record<Lane, Set<Waiting>> = {
    steady: new Set(),
    new: new Set(),
    lost: new Set(),
    slow: new Set(),
    frail: new Set(),
  };
  /** Places that may be taken back, the one held longest first. */
  const ripe = new Set<AbortController>();
  let held = 0;
  let unproven = 0;

  /** The first to come; of those that were never asked any, since the dead may stand together at the front. */
  function pick(lane: Lane): Waiting {
    const all = [...waiting[lane]];
    return all[lane === 'new' ? Math.floor(random() * all.length) : 0] as Waiting;
  }

  function admit(): void {
    for (const lane of LANES)
      while (waiting[lane].size > 0 && held < limit && (lane === 'steady' || unproven < mostUnproven)) {
        const next = pick(lane);
        waiting[lane].delete(next);
        next.go();
      }
    // A place is taken back for those that live or may live, not for those that failed.
    const wanting = waiting.steady.size + waiting.new.size + waiting.lost.size + waiting.slow.size;
    for (const holder of [...ripe].slice(0, wanting)) {
      ripe.delete(holder);
      holder.abort(new Error('displaced'));
    }
  }

  /** In slices: where this process is slow, a cluster's answer waits for it as well. */
  async function fairTime(lane: Lane, signal: AbortSignal): Promise<void> {
    for (let slice = 0; slice < 4; slice++) await clock.sleep(FAIR_MS[lane] / 4, signal);
  }

  function occupy(lane: Lane, yields: boolean): Lease {
    held++;
    if (lane !== 'steady') unproven++;
    const holder = new AbortController();
    const over = new AbortController();
    if (yields)
      fairTime(lane, over.signal).then(
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
        if (lane !== 'steady') unproven--;
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
