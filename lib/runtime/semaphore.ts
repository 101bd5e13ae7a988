import type { Random } from './backoff.ts';
import type { Clock } from './clock.ts';

/** One of those that share a semaphore by its kind. */
export interface Priority {
  /** The lowest goes first; those of one rank in the order in which they came. */
  rank: number;
  /** Those that may hold a permit in vain: together they hold `restrictedLimit` at most. */
  restricted?: boolean;
  /** Of those that wait any goes first, not the one that came first. */
  anyOrder?: boolean;
  /** While one of these waits, a permit that is preemptible is taken back after its fair time. */
  preempts?: boolean;
  /** How long a preemptible permit of this priority is held while others wait. */
  fairMs?: number;
}

export interface SemaphoreOptions<P extends string> {
  /** Permits in all, at least one. */
  limit: number;
  priorities: Readonly<Record<P, Priority>>;
  /** At least one; default `limit`. */
  restrictedLimit?: number;
  clock: Clock;
  random: Random;
}

/** Given back once, however often `release` is called. */
export interface Permit {
  release(): void;
  /** Aborts when the permit is taken back for somebody who has waited longer than is fair; the holder releases it. */
  preempted: AbortSignal;
}

export interface Semaphore<P extends string> {
  /** Waits for a permit. @param preemptible it may be taken back after a fair time @throws the signal's reason */
  acquire(priority: P, signal: AbortSignal, preemptible?: boolean): Promise<Permit>;
}

interface Waiting {
  /** The order in which they came. */
  ticket: number;
  go(): void;
}

/**
 * Lets `limit` at a time through. What is likely to work goes before what is not, by the rank of its priority, and what failed last
 * time cannot take all permits, so that the living never wait for the dead.
 */
export function createSemaphore<P extends string>(options: SemaphoreOptions<P>): Semaphore<P> {
  const { priorities, clock, random } = options;
  const limit = Math.max(1, options.limit);
  const restrictedLimit = Math.max(1, options.restrictedLimit ?? limit);
  const names = (Object.keys(priorities) as P[]).sort((a, b) => priorities[a].rank - priorities[b].rank);
  const waiting = new Map<P, Set<Waiting>>(names.map((name) => [name, new Set()]));
  /** Permits whose fair time is over, the one held longest first. */
  const preemptible = new Set<AbortController>();
  let held = 0;
  let restricted = 0;
  let tickets = 0;

  const queueOf = (name: P): Set<Waiting> => waiting.get(name) as Set<Waiting>;

  /** Whose turn it is; undefined while nobody may go. */
  function next(): { name: P; first: Waiting } | undefined {
    let best: { name: P; first: Waiting } | undefined;
    for (const name of names) {
      const { rank, restricted: isRestricted } = priorities[name];
      if (best && priorities[best.name].rank < rank) break;
      if (isRestricted && restricted >= restrictedLimit) continue;
      const [first] = queueOf(name);
      if (first && (!best || first.ticket < best.first.ticket)) best = { name, first };
    }
    return best;
  }

  function admit(): void {
    while (held < limit) {
      const turn = next();
      if (!turn) break;
      const queue = queueOf(turn.name);
      const chosen = priorities[turn.name].anyOrder ? anyOf(queue, random) : turn.first;
      queue.delete(chosen);
      chosen.go();
    }
    preempt();
  }

  function preempt(): void {
    if (preemptible.size === 0) return;
    let wanted = 0;
    for (const name of names) if (priorities[name].preempts) wanted += queueOf(name).size;
    for (const holder of [...preemptible].slice(0, wanted)) {
      preemptible.delete(holder);
      holder.abort(new Error('preempted'));
    }
  }

  /** In slices: where this process is slow, an answer waits for it as well. */
  async function fairTime(ms: number, signal: AbortSignal): Promise<void> {
    for (let slice = 0; slice < 4; slice++) await clock.sleep(ms / 4, signal);
  }

  function occupy(name: P, isPreemptible: boolean): Permit {
    const { restricted: isRestricted, fairMs = 0 } = priorities[name];
    held++;
    if (isRestricted) restricted++;
    const holder = new AbortController();
    const over = isPreemptible ? new AbortController() : null;
    if (over)
      fairTime(fairMs, over.signal).then(
        () => {
          preemptible.add(holder);
          admit();
        },
        () => undefined,
      );
    let open = true;
    return {
      preempted: holder.signal,
      release() {
        if (!open) return;
        open = false;
        held--;
        if (isRestricted) restricted--;
        preemptible.delete(holder);
        over?.abort();
        admit();
      },
    };
  }

  return {
    acquire: (name, signal, isPreemptible = false) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = () => {
          queueOf(name).delete(turn);
          reject(signal.reason);
        };
        const turn: Waiting = {
          ticket: tickets++,
          go() {
            signal.removeEventListener('abort', leave);
            resolve(occupy(name, isPreemptible));
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        queueOf(name).add(turn);
        admit();
      }),
  };
}

function anyOf(queue: ReadonlySet<Waiting>, random: Random): Waiting {
  const all = [...queue];
  return all[Math.floor(random() * all.length)] as Waiting;
}
