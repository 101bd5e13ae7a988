import type { Batch, Scope } from '#lib/model/index.ts';
import type { Call } from '#providers/contract.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { mapRows } from '#providers/kit/rows.ts';
import { toResource } from '../map/map.ts';
import { hostResource } from '../map/map-host.ts';
import type { Look, Way } from './way.ts';

/** Its own row of the machine. */
export async function* listHost(way: Way, scope: Scope, call: Call): AsyncGenerator<Batch> {
  yield { resources: [hostResource(await way.greet(call), scope)], unreadable: [] };
}

/** All VMs of the machine in one batch: a desk has dozens of them. */
export async function* listVms(
  way: Way,
  scope: Scope,
  call: Call,
  seen: (look: Look, batch: Batch) => void = () => undefined,
): AsyncGenerator<Batch> {
  const look = await way.look(call);
  const batch = batchOf(look, scope);
  yield batch;
  call.signal.throwIfAborted();
  seen(look, batch);
}

export function batchOf({ vms, errors }: Look, scope: Scope): Batch {
  const batch = mapRows(
    vms,
    ({ path, id }) => path ?? id,
    (vm) => toResource(vm, scope),
    (_, { unknown }) => unknown,
  );
  return { ...batch, ...withDetailErrors(...errors) };
}
