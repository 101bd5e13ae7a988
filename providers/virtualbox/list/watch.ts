import type { Batch } from '#lib/model/index.ts';
import type { Notifier } from '#lib/runtime/notifier.ts';
import { type Call, ProviderError, type WatchEvent } from '#providers/contract.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { retry } from '#providers/kit/retry.ts';
import { watchedListing } from '#providers/kit/watched-listing.ts';
import type { Listed } from '../map/output.ts';
import { listHost } from './listing.ts';
import { enumerate, look, type Proof, type Reading } from './look.ts';

/** There are no events: this often it is asked which VMs there are and which run. */
const TICK_MS = 5000;
/** VMs that are looked at in their turn with each tick, because nothing says that they did not change: of one that runs a pause, an address, a setting. */
const IN_TURN = 4;
/** More than these at once are listed anew. */
const MANY = 200;
const HOST_MS = 60_000;

/** Of one VM, as it was last seen. */
interface Known {
  name: string;
  /** Null where it could not be asked. */
  runs: boolean | null;
  proof: Proof | null;
  /** The tick at which it was looked at, 0 for the listing. */
  looked: number;
}

/**
 * Keeps VMs current without events: the two lists tell at once what came, went, was renamed, started or stopped, their files whose settings
 * were changed, and that is looked at. Those of which no file proves that they are as they were are looked at in turn, those that run first.
 * A heartbeat is sent once all were: nothing is older than that.
 */
export async function* watchVms(reading: Reading, broken: Notifier, call: Call): AsyncGenerator<WatchEvent> {
  for (;;) {
    const known = new Map<string, Known>();
    async function* batches(): AsyncGenerator<Batch> {
      for (const [uuid, one] of await enumerateStates(reading, call))
        known.set(uuid, { ...one, proof: null, looked: 0 });
      const { error } = reading.running;
      if (error) yield { resources: [], unreadable: [], ...withDetailErrors(error) };
      for await (const { uuid, batch, proof } of look(reading, [...known.keys()], call)) {
        remember(known, uuid, { proof });
        yield batch;
      }
    }
    yield* watchedListing(batches());
    try {
      yield* follow(reading, known, call);
    } catch (error) {
      broken.notify();
      throw error;
    }
    reading.env.log.debug('watch.relisting', { scope: reading.scope.id, reason: 'many changes' });
  }
}

async function enumerateStates(reading: Reading, call: Call): Promise<Map<string, Pick<Known, 'name' | 'runs'>>> {
  const listed: Listed[] = await enumerate(reading, call);
  const { value, error } = listed.length === 0 ? { value: null, error: null } : await reading.running.ask(call);
  const runs = error ? null : value;
  return new Map(listed.map(({ uuid, name }) => [uuid, { name, runs: runs?.has(uuid) ?? null }]));
}

function remember(known: Map<string, Known>, uuid: string, news: Partial<Known>): void {
  const before = known.get(uuid);
  if (before) known.set(uuid, { ...before, ...news });
}

/** Ends where only a new listing helps. */
async function* follow(reading: Reading, known: Map<string, Known>, call: Call): AsyncGenerator<WatchEvent> {
  const { clock } = reading.env;
  /** The first tick since the last heartbeat. */
  let round = 1;
  let understood = true;
  for (let tick = 1; ; tick++) {
    await clock.sleep(TICK_MS, call.signal);
    const now = await enumerateStates(reading, call);
    const gone = [...known.keys()].filter((uuid) => !now.has(uuid));
    const written = await writtenSince(reading, known);
    const changed = [...now].flatMap(([uuid, { name, runs }]) => {
      const before = known.get(uuid);
      const isSame = before?.name === name && (runs === null || before.runs === runs);
      return isSame && !written.has(uuid) ? [] : [uuid];
    });
    if (gone.length + changed.length > MANY) return;
    for (const uuid of gone) {
      known.delete(uuid);
      yield { type: 'upsert', objectId: uuid, resources: [] };
    }
    for (const [uuid, one] of now) {
      const before = known.get(uuid) ?? { proof: null, looked: 0 };
      // No file says that it was started.
      known.set(uuid, { ...before, ...one, ...(one.runs === null ? { proof: null } : {}) });
    }
    for (const uuid of changed) remember(known, uuid, { proof: null, looked: tick });
    for (const uuid of turn(known, round, tick)) remember(known, uuid, { looked: tick });
    const due = [...known].flatMap(([uuid, { looked }]) => (looked === tick ? [uuid] : []));
    for await (const { uuid, batch, gone: isGone, proof } of look(reading, due, call)) {
      remember(known, uuid, { proof });
      if (isGone) yield { type: 'upsert', objectId: uuid, resources: [] };
      const [row] = batch.resources;
      if (!row) {
        // It stays as it was, and the scope grows old.
        if (batch.unreadable.length > 0) understood = false;
        continue;
      }
      const { resources, unknown: fields, detailErrors } = batch;
      yield {
        type: 'upsert',
        objectId: row.objectId,
        resources,
        ...(fields ? { unknown: fields } : {}),
        ...(detailErrors ? { detailErrors } : {}),
      };
    }
    if ([...known.values()].every(({ proof, looked }) => proof !== null || looked >= round)) {
      if (understood) yield { type: 'heartbeat' };
      round = tick + 1;
      understood = true;
    }
  }
}

/** UUIDs of those whose files are not as they were. */
async function writtenSince({ client }: Reading, known: ReadonlyMap<string, Known>): Promise<Set<string>> {
  const checked = await Promise.all(
    [...known].map(async ([uuid, { proof }]) => {
      if (proof === null) return [];
      return (await client.stamp(proof.settings))?.text === proof.stamp ? [] : [uuid];
    }),
  );
  return new Set(checked.flat());
}

/**
 * The next few of which nothing proves that they are as they were when this round began: those that run first, for they change the most.
 * Of the others the one that was not looked at for the longest time: a file system may err.
 */
function turn(known: ReadonlyMap<string, Known>, round: number, tick: number): string[] {
  const left = [...known].filter(([, { looked }]) => looked < tick);
  const open = left.filter(([, { proof, looked }]) => proof === null && looked < round);
  const [oldest] = left.filter(([, { proof }]) => proof !== null).sort(([, a], [, b]) => a.looked - b.looked);
  return [...open.filter(([, { runs }]) => runs), ...open.filter(([, { runs }]) => !runs)]
    .slice(0, IN_TURN)
    .concat(oldest ? [oldest] : [])
    .map(([uuid]) => uuid);
}

/** A machine changes so rarely that asking once a minute is watching it, and whenever the watch of its VMs breaks. */
export async function* watchHost(reading: Reading, broken: Notifier, call: Call): AsyncGenerator<WatchEvent> {
  const { client, env } = reading;
  let last = '';
  async function* batches(): AsyncGenerator<Batch> {
    for await (const batch of listHost(reading, call)) {
      last = JSON.stringify(batch.resources);
      yield batch;
    }
  }
  yield* watchedListing(batches());
  for (;;) {
    await broken.wait(HOST_MS, env.clock, call.signal);
    const { resources } = await retry(env, call, async () => {
      const { value } = await listHost(reading, call).next();
      if (!value) throw new ProviderError('bad-reply', client.account, 'expected a host, got: nothing');
      return value;
    });
    const text = JSON.stringify(resources);
    const [row] = resources;
    if (text === last || !row) yield { type: 'heartbeat' };
    else yield { type: 'upsert', objectId: row.objectId, resources };
    last = text;
  }
}
