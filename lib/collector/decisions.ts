import type { WriteStore } from '#lib/store/index.ts';
import type { Clock } from '#providers/contract.ts';
import type { Commands } from './control-server.ts';

/** Decisions are stored by the one process that writes; their time is the collector's. */
export function decisionsIn(
  store: Pick<WriteStore, 'decide'>,
  clock: Pick<Clock, 'now'>,
): Pick<Commands, 'decide' | 'undecide'> {
  return {
    async decide({ a, b, verdict, reason }) {
      const pair = a < b ? { a, b } : { a: b, b: a };
      const decision = { ...pair, verdict, reason, at: new Date(clock.now()).toISOString() };
      await store.decide(pair, decision);
      return decision;
    },
    undecide: (pair) => store.decide(pair, null),
  };
}
