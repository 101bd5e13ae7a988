import { createSemaphore, type Semaphore } from '#lib/runtime/semaphore.ts';
import type { Environment } from '#providers/contract.ts';

/**
 * `steady`: answered when it was last asked. `new`: never asked; any of them goes first, since the dead may stand together at the front.
 * `lost`: failed, and answered not long before. `slow`: was asked, and preempted before it answered. `unhealthy`: failed when it was
 * last asked, or was preempted twice; it preempts nobody.
 *
 * A cluster nearby answers within a tenth of a second, one far away within a second: a dead one holds nobody up for longer, and has
 * all its time once nobody else waits.
 */
const PRIORITIES = {
  steady: { rank: 0, preempts: true, fairMs: 1000 },
  new: { rank: 1, preempts: true, fairMs: 100, restricted: true, anyOrder: true },
  lost: { rank: 2, preempts: true, fairMs: 1000, restricted: true },
  slow: { rank: 3, preempts: true, fairMs: 1000, restricted: true },
  unhealthy: { rank: 4, fairMs: 1000, restricted: true },
} as const;

export type ClusterPriority = keyof typeof PRIORITIES;
export type ConnectionSemaphore = Semaphore<ClusterPriority>;

/**
 * Lets `limit` connections be attempted or read from at once. What did not answer when it was last asked takes three quarters of the
 * permits at most: dead clusters wait for live ones, never the other way round.
 */
export const createConnectionSemaphore = (env: Environment, limit: number): ConnectionSemaphore =>
  createSemaphore({
    limit,
    restrictedLimit: Math.floor((limit * 3) / 4),
    priorities: PRIORITIES,
    clock: env.clock,
    random: () => env.random(),
  });
