import type { Scope } from '#lib/model/index.ts';
import type { Notifier } from '#lib/runtime/notifier.ts';
import type { Call, Environment, WatchEvent } from '#providers/contract.ts';
import { watchedListing } from '#providers/kit/watched-listing.ts';
import { batchOf, listHost, listVms } from './listing.ts';
import type { Way } from './way.ts';

/** There are no events. Who is there and runs is asked so often: a call a VM, or one process. */
const POLL_MS = 5000;
/** Everything is looked at again after this at the latest: sizes, names, addresses. */
const RELIST_MS = 300_000;
/** The machine itself. */
const HOST_MS = 60_000;

/** Keeps the VMs current by looking at their states, and lists anew when one came or went: what proves a listing complete proves it here. */
export async function* watchVms(
  way: Way,
  scope: Scope,
  env: Environment,
  broken: Notifier,
  call: Call,
): AsyncGenerator<WatchEvent> {
  const { clock } = env;
  for (;;) {
    const began = clock.monotonic();
    let known: Map<string, string | null> | null = null;
    const listed = listVms(way, scope, call, ({ vms }) => {
      known = new Map(vms.flatMap(({ path, power }) => (path === null ? [] : [[path, power]])));
    });
    yield* watchedListing(listed);
    if (known === null) throw new TypeError('a listing tells what it saw');
    try {
      yield* follow(way, scope, env, known, began + RELIST_MS * (1 + env.random() / 10), call);
    } catch (error) {
      broken.notify();
      throw error;
    }
  }
}

/** Follows until a listing is due. */
async function* follow(
  way: Way,
  scope: Scope,
  { clock }: Environment,
  known: Map<string, string | null>,
  until: number,
  call: Call,
): AsyncGenerator<WatchEvent> {
  while (clock.monotonic() < until) {
    await clock.sleep(POLL_MS, call.signal);
    const now = await way.states(call);
    if (now.size !== known.size || [...now.keys()].some((path) => !known.has(path))) return;
    const changed = [...now].filter(([path, word]) => word !== known.get(path)).map(([path]) => path);
    if (changed.length === 0) {
      yield { type: 'heartbeat' };
      continue;
    }
    way.forget(changed);
    const { vms, errors } = await way.look(call);
    for (const path of changed) {
      const vm = vms.find((each) => each.path === path);
      if (vm === undefined) return;
      const { resources, unreadable, unknown, detailErrors } = batchOf({ vms: [vm], errors }, scope);
      if (unreadable.length > 0) return;
      known.set(path, vm.power);
      yield {
        type: 'upsert',
        objectId: path,
        resources,
        ...(unknown ? { unknown } : {}),
        ...(detailErrors ? { detailErrors } : {}),
      };
    }
  }
}

/** Nothing tells what becomes of the machine, so it is asked, and at once when the watch of its VMs breaks. */
export async function* watchHost(
  way: Way,
  scope: Scope,
  env: Environment,
  broken: Notifier,
  call: Call,
): AsyncGenerator<WatchEvent> {
  for (;;) {
    yield* watchedListing(listHost(way, scope, call));
    await broken.wait(HOST_MS, env.clock, call.signal);
  }
}
