import type { Batch } from '#lib/model/index.ts';
import type { Notifier } from '#lib/runtime/notifier.ts';
import { type Call, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { retry } from '#providers/kit/retry.ts';
import type { Listed } from '../map/output.ts';
import { listHost, listVms } from './listing.ts';
import { enumerate, look, type Reading, running } from './look.ts';

/** There are no events: this often it is asked which VMs there are and which run. */
const TICK_MS = 5000;
/** VMs that are looked at in their turn with each tick, though nothing says that they changed: settings, snapshots, a pause. */
const IN_TURN = 4;
/** More than these at once are listed anew. */
const MANY = 200;
const HOST_MS = 60_000;

/** Of one VM, as it was last seen. */
interface Known {
  name: string;
  runs: boolean;
}

/**
 * Keeps VMs current without events: the two lists tell at once what came, went, was renamed, started or stopped, and that is looked at; the
 * others are looked at in turn, those that run and then those that were not for the longest time. `alive` is said once all were: nothing is older than that.
 */
export async function* watchVms(reading: Reading, broken: Notifier, call: Call): AsyncGenerator<WatchEvent> {
  for (;;) {
    const known = new Map<string, Known>();
    let failure: unknown;
    let ended = false;
    async function* batches(): AsyncGenerator<Batch> {
      try {
        for (const [uuid, one] of await stand(reading, call)) known.set(uuid, one);
        yield* listVms(reading, call, known.keys());
        ended = true;
      } catch (error) {
        failure = error;
        throw error;
      }
    }
    yield { type: 'listing', batches: batches() };
    if (!ended) throw failure ?? new ProviderError('bad-reply', reading.scope.label, 'the listing was not read');
    try {
      yield* follow(reading, known, call);
    } catch (error) {
      broken.notify();
      throw error;
    }
    reading.env.log.debug('watch.relisting', { scope: reading.scope.id, reason: 'many changes' });
  }
}

async function stand(reading: Reading, call: Call): Promise<Map<string, Known>> {
  const listed: Listed[] = await enumerate(reading, call);
  const runs = listed.length === 0 ? new Set<string>() : await running(reading, call);
  return new Map(listed.map(({ uuid, name }) => [uuid, { name, runs: runs.has(uuid) }]));
}

/** Ends where only a new listing helps. */
async function* follow(reading: Reading, known: Map<string, Known>, call: Call): AsyncGenerator<WatchEvent> {
  const { clock } = reading.env;
  /** Since the last `alive`. */
  let seen = new Set<string>();
  let understood = true;
  for (;;) {
    await clock.sleep(TICK_MS, call.signal);
    const now = await stand(reading, call);
    const gone = [...known.keys()].filter((uuid) => !now.has(uuid));
    const changed = [...now].flatMap(([uuid, one]) => {
      const before = known.get(uuid);
      return before?.name === one.name && before.runs === one.runs ? [] : [uuid];
    });
    if (gone.length + changed.length > MANY) return;
    for (const uuid of gone) {
      known.delete(uuid);
      yield { type: 'put', origin: uuid, resources: [] };
    }
    for (const [uuid, one] of now) known.set(uuid, one);
    const round = turn(known, seen, new Set(changed));
    for await (const { batch, gone: unknown } of look(reading, [...changed, ...round], call)) {
      for (const uuid of unknown) yield { type: 'put', origin: uuid, resources: [] };
      const [row] = batch.resources;
      if (!row) {
        // It stays as it was, and the scope grows old.
        if (batch.unreadable.length > 0) understood = false;
        continue;
      }
      const { resources, unknown: fields, detailErrors } = batch;
      yield {
        type: 'put',
        origin: row.origin,
        resources,
        ...(fields ? { unknown: fields } : {}),
        ...(detailErrors ? { detailErrors } : {}),
      };
    }
    for (const uuid of [...changed, ...round]) seen.add(uuid);
    if ([...known.keys()].every((uuid) => seen.has(uuid))) {
      if (understood) yield { type: 'alive' };
      seen = new Set();
      understood = true;
    }
  }
}

/** The next few that were not looked at since the last `alive`: those that run first, for they change the most. */
function turn(known: ReadonlyMap<string, Known>, seen: ReadonlySet<string>, changed: ReadonlySet<string>): string[] {
  const left = [...known].filter(([uuid]) => !seen.has(uuid) && !changed.has(uuid));
  return [...left.filter(([, { runs }]) => runs), ...left.filter(([, { runs }]) => !runs)]
    .slice(0, IN_TURN)
    .map(([uuid]) => uuid);
}

/** A machine changes so rarely that asking once a minute is watching it, and whenever the watch of its VMs breaks. */
export async function* watchHost(reading: Reading, broken: Notifier, call: Call): AsyncGenerator<WatchEvent> {
  const { client, env } = reading;
  let last = '';
  let failure: unknown;
  async function* batches(): AsyncGenerator<Batch> {
    try {
      for await (const batch of listHost(reading, call)) {
        last = JSON.stringify(batch.resources);
        yield batch;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  yield { type: 'listing', batches: batches() };
  if (last === '') throw failure ?? new ProviderError('bad-reply', client.account, 'the listing was not read');
  for (;;) {
    await broken.wait(HOST_MS, env.clock, call.signal);
    const { resources } = await retry(env, call, async () => {
      const { value } = await listHost(reading, call).next();
      if (!value) throw new ProviderError('bad-reply', client.account, 'expected a host, got: nothing');
      return value;
    });
    const text = JSON.stringify(resources);
    const [row] = resources;
    if (text === last || !row) yield { type: 'alive' };
    else yield { type: 'put', origin: row.origin, resources };
    last = text;
  }
}
