import type { DetailError } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError, pauseAfter } from '#providers/kit/details/detail-failure.ts';
import { createDetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { retry } from '#providers/kit/retry.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { type DockerClient, EngineError, INSPECT } from '../client/client.ts';
import { type Detail, detailOf } from '../map/detail.ts';
import { idOf, OF_INSPECT } from '../map/map-container.ts';
import { healthOf } from '../map/state.ts';
import { type Age, ageOf } from '../map/uptime.ts';
import { type ReportedState, reportedStateOf } from './doubts.ts';

/** Requests at once; the engine answers each in about a millisecond. */
const CONCURRENCY = 8;
/** What an event would have told is found out by then also where no events come. */
const TTL_MS = 15 * 60_000;
/** Failures in a row, over all containers, after which it is the call that fails and not a container. */
const MANY = CONCURRENCY;
/** The engine's clock and ours may differ in how long a second takes to arrive. */
const SLACK_S = 5;

interface Held {
  detail: Detail;
  reported: ReportedState | null;
  state: string | null;
  /** As the list had it. */
  health: string | null;
  age: Age | null;
  /** Monotonic. */
  at: number;
}

/** What cannot be asked, and when it is asked again. */
interface Failure {
  count: number;
  /** Monotonic. */
  until: number;
}

/** Details of containers by id: nothing of them changes but by an update or a new start. */
export interface Inspections {
  /** Details of these containers of the list; none for those that cannot be asked. */
  of(summaries: readonly unknown[], call: Call): Promise<ReadonlyMap<string, Detail>>;
  /** Why some containers have no details; null where all have. */
  error(): DetailError | null;
  /** True once it is time to ask again for those that have none. */
  retryDue(): boolean;
  /** What inspect said of the container's state since then, `gone` where it knows none of this id; null where it was not asked or gave no answer. */
  since(id: string, moment: number): ReportedState | 'gone' | null;
  /** Which of these the engine knows, whatever its list says. One that it gave no answer for is none. */
  knows(ids: readonly string[], call: Call): Promise<ReadonlySet<string>>;
  /** An event named them. */
  forget(ids: Iterable<string>): void;
  /** Drops those of containers that are no more. */
  keep(ids: ReadonlySet<string>): void;
  close(): void;
}

export function createInspections(client: DockerClient, env: Environment): Inspections {
  const calls = createDetailCalls(env);
  const held = new Map<string, Held>();
  const failed = new Map<string, Failure>();
  /** Of the call as such. */
  let down: Failure | null = null;
  let streak = 0;
  let error: DetailError | null = null;
  /** When the engine last said that there is no such container. */
  const gone = new Map<string, number>();

  /** True while the list says nothing that the detail would contradict: another state or health, or less time in it than must have passed. */
  function holds({ state, health, age, at }: Held, summary: unknown): boolean {
    const row = asRecord(summary);
    const passed = env.clock.monotonic() - at;
    if (passed >= TTL_MS || asString(row?.State) !== state) return false;
    const status = asString(row?.Status) ?? '';
    if (healthOf(status) !== health) return false;
    const now = ageOf(status);
    if (age === null || now === null) return age === now;
    return now.most + SLACK_S >= age.least + passed / 1000;
  }

  const rests = (failure: Failure | null | undefined): boolean =>
    failure != null && env.clock.monotonic() < failure.until;

  async function ask(id: string, summary: unknown, call: Call): Promise<void> {
    if (rests(failed.get(id))) return;
    if (down && rests(down)) {
      failed.set(id, failed.get(id) ?? { count: 0, until: down.until });
      return;
    }
    const answer = await calls.attempt(client.host, call, async (by) => {
      const answer = await retry(env, by, () => client.inspect(id, by));
      const detail = detailOf(answer);
      if (!detail) throw unexpected(client.host, `details of container ${id.slice(0, 12)}`, answer).of(INSPECT);
      return { detail, reported: reportedStateOf(answer) };
    });
    if (answer instanceof ProviderError) return fail(id, answer);
    streak = 0;
    down = null;
    failed.delete(id);
    if (failed.size === 0) error = null;
    const row = asRecord(summary);
    const status = asString(row?.Status) ?? '';
    const at = env.clock.monotonic();
    held.set(id, { ...answer.value, state: asString(row?.State), health: healthOf(status), age: ageOf(status), at });
  }

  /** One that has just gone, or that the engine stumbles over, keeps its row: only the list tells what is gone. */
  function fail(id: string, failure: ProviderError): void {
    held.delete(id);
    if (failure instanceof EngineError && failure.status === 404) {
      // A proxy that lets nobody inspect may say 404 as well, but not in these words.
      if (/no such container/i.test(failure.shortMessage)) gone.set(id, env.clock.monotonic());
      return;
    }
    const again = (before: Failure | null | undefined): Failure => {
      const count = (before?.count ?? 0) + 1;
      return { count, until: env.clock.monotonic() + pauseAfter(failure, count) };
    };
    failed.set(id, again(failed.get(id)));
    // Several that were asked together fail together, and once.
    if (!rests(down) && (++streak >= MANY || EVERYBODYS.has(failure.kind))) down = again(down);
    error = detailError(INSPECT, OF_INSPECT, failure, error?.since ?? new Date(env.clock.now()).toISOString());
    env.log.warn('detail.unavailable', { action: INSPECT, account: client.host, kind: failure.kind, kept: false });
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
    error: () => error,
    retryDue: () => failed.size > 0 && !rests(down) && ![...failed.values()].every(rests),
    since(id, moment) {
      if ((gone.get(id) ?? Number.NEGATIVE_INFINITY) >= moment) return 'gone';
      const known = held.get(id);
      return known && known.at >= moment ? known.reported : null;
    },
    async knows(ids, call) {
      await each(new Map(ids.map((id) => [id, null])), call, ask);
      return new Set(ids.filter((id) => held.has(id)));
    },
    forget(ids) {
      for (const id of ids) held.delete(id);
      gone.clear();
    },
    keep(ids) {
      for (const id of held.keys()) if (!ids.has(id)) held.delete(id);
      for (const id of failed.keys()) if (!ids.has(id)) failed.delete(id);
      if (failed.size === 0) error = null;
    },
    close: () => calls.close(),
  };
}

/** What one container cannot be the cause of. */
const EVERYBODYS: ReadonlySet<ProviderError['kind']> = new Set(['permission', 'auth', 'rate-limit']);

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
