import type { Call, Environment } from '../contract.ts';
import { fields, textOf } from '../kit/read.ts';
import { retry } from '../kit/retry.ts';
import { unexpected } from '../kit/unexpected.ts';
import { type DockerClient, EngineError, INSPECT } from './client.ts';
import { type Detail, detailOf } from './detail.ts';
import { idOf } from './map-container.ts';
import { healthOf } from './state.ts';
import { type Age, ageOf } from './uptime.ts';

/** Requests at once; the engine answers each in about a millisecond. */
const CONCURRENCY = 8;
/** What an event would have told is found out by then also where no events come. */
const TTL_MS = 15 * 60_000;
/** For this long a refused inspect is not asked for again. */
const REFUSED_MS = 15 * 60_000;
/** The engine's clock and ours may differ in how long a second takes to arrive. */
const SLACK_S = 5;

interface Held {
  detail: Detail;
  state: string | null;
  /** As the list had it. */
  health: string | null;
  age: Age | null;
  /** Monotonic. */
  at: number;
}

/** Details of containers by id: nothing of them changes but by an update or a new start. */
export interface Inspections {
  /** Details of these containers of the list; none for those that cannot be asked. */
  of(summaries: readonly unknown[], call: Call): Promise<ReadonlyMap<string, Detail>>;
  /** An event named them. */
  forget(ids: Iterable<string>): void;
  /** Drops those of containers that are no more. */
  keep(ids: ReadonlySet<string>): void;
}

export function createInspections(client: DockerClient, env: Environment): Inspections {
  const held = new Map<string, Held>();
  let refusedUntil = Number.NEGATIVE_INFINITY;

  /** True while the list says nothing that the detail would contradict: another state or health, or less time in it than must have passed. */
  function holds({ state, health, age, at }: Held, summary: unknown): boolean {
    const row = fields(summary);
    const passed = env.clock.monotonic() - at;
    if (passed >= TTL_MS || textOf(row?.State) !== state) return false;
    const status = textOf(row?.Status) ?? '';
    if (healthOf(status) !== health) return false;
    const now = ageOf(status);
    if (age === null || now === null) return age === now;
    return now.most + SLACK_S >= age.least + passed / 1000;
  }

  async function ask(id: string, summary: unknown, call: Call): Promise<void> {
    if (env.clock.monotonic() < refusedUntil) return;
    try {
      const answer = await retry(env, call, () => client.inspect(id, call));
      const detail = detailOf(answer);
      if (!detail) throw unexpected(client.host, `details of container ${id.slice(0, 12)}`, answer).of(INSPECT);
      const row = fields(summary);
      const status = textOf(row?.Status) ?? '';
      const at = env.clock.monotonic();
      held.set(id, { detail, state: textOf(row?.State), health: healthOf(status), age: ageOf(status), at });
    } catch (error) {
      // One that has just gone, or that the engine stumbles over, keeps its row: only the list tells what is gone.
      if (!(error instanceof EngineError) || error.kind === 'auth' || error.kind === 'rate-limit') throw error;
      held.delete(id);
      if (error.status === 404) return;
      env.log.warn('detail.unavailable', {
        action: INSPECT,
        account: client.host,
        kind: error.kind,
        kept: false,
      });
      if (error.kind === 'permission' || error.kind === 'unsupported')
        refusedUntil = env.clock.monotonic() + REFUSED_MS;
    }
  }

  return {
    async of(summaries, call) {
      const wanted = new Map<string, unknown>();
      for (const summary of summaries) {
        const id = idOf(summary);
        const known = id === null ? undefined : held.get(id);
        if (id !== null && !(known && holds(known, summary))) wanted.set(id, summary);
      }
      await each(wanted, call, ask);
      const found = new Map<string, Detail>();
      for (const summary of summaries) {
        const id = idOf(summary);
        const known = id === null ? undefined : held.get(id);
        if (id !== null && known) found.set(id, known.detail);
      }
      return found;
    },
    forget(ids) {
      for (const id of ids) held.delete(id);
    },
    keep(ids) {
      for (const id of held.keys()) if (!ids.has(id)) held.delete(id);
    },
  };
}

/** A few at once; the first failure stops the others. */
async function each<K, V>(
  entries: ReadonlyMap<K, V>,
  call: Call,
  work: (key: K, value: V, call: Call) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const rest = entries.entries();
  const worker = async () => {
    for (const [key, value] of rest) await work(key, value, { signal });
  };
  try {
    await Promise.all(Array.from({ length: Math.min(CONCURRENCY, entries.size) }, worker));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}
