import type { Batch, Scope } from '#lib/model/index.ts';
import type { Notifier } from '#lib/runtime/notifier.ts';
import type { Call, Environment } from '#providers/contract.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { retry } from '#providers/kit/retry.ts';
import { mapRows } from '#providers/kit/rows.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { type DockerClient, LIST } from '../client/client.ts';
import { type Engine, engineOf } from '../map/engine.ts';
import { idOf, type Row, toResource, unknownOf } from '../map/map-container.ts';
import { hostOf } from '../map/map-host.ts';
import { agrees, corrected, type Doubts } from './doubts.ts';
import type { Inspections } from './inspections.ts';

/** One engine of a source. */
export interface Host {
  client: DockerClient;
  inspections: Inspections;
  env: Environment;
  doubts: Doubts;
  /** Notified when the stream of events breaks: a listing that waits for its turn begins at once. */
  broken: Notifier;
  /** Second of the engine's clock up to which its events were told; null before the first. */
  reported: number | null;
}

/** Rows whose details are asked for before they are handed on. */
const BATCH = 250;

/** The engine as its own row. */
export async function* listHost(
  { client, env }: Host,
  scope: Scope,
  call: Call,
  seen: (engine: Engine) => void = () => undefined,
): AsyncGenerator<Batch> {
  const answer = await retry(env, call, () => client.info(call));
  const engine = engineOf(answer, client.host, env.machine?.());
  yield { resources: [hostOf(answer.info, engine, scope)], unreadable: [] };
  seen(engine);
}

/**
 * All containers of an engine: one snapshot of the list, and what inspect adds to each.
 * @param seen told the engine that the rows are of
 */
export async function* listContainers(
  host: Host,
  scope: Scope,
  call: Call,
  seen: (engine: Engine) => void = () => undefined,
): AsyncGenerator<Batch> {
  const { client, inspections } = host;
  const engine = await readEngine(host, call);
  const rows = await snapshot(host, null, call);
  if (rows.length === 0 && (engine.containers ?? 0) > 0) {
    const again = await readEngine(host, call);
    if ((again.containers ?? 0) > 0)
      throw unexpected(client.host, `the ${again.containers} containers that GET /info counts`, rows).of(LIST);
  }
  for (let from = 0; from < rows.length; from += BATCH) {
    yield await mapped(host, rows.slice(from, from + BATCH), engine, scope, call);
    call.signal.throwIfAborted();
  }
  inspections.keep(new Set(rows.map(idOf).filter((id) => id !== null)));
  seen(engine);
}

async function readEngine({ client, env }: Host, call: Call): Promise<Engine> {
  return engineOf(await retry(env, call, () => client.info(call)), client.host, env.machine?.());
}

/** @returns the containers of these ids that still are, or all */
export async function snapshot({ client, env }: Host, ids: readonly string[] | null, call: Call): Promise<unknown[]> {
  const rows = await retry(env, call, () => client.containers(ids, call));
  call.signal.throwIfAborted();
  // An answer that is no list must never look like an empty one.
  if (!Array.isArray(rows)) throw unexpected(client.host, 'a list of containers', rows).of(LIST);
  return rows;
}

/** What is inspected on the way is newer than the list, and right where the two differ. */
export async function mapped(
  { inspections, doubts, env }: Host,
  summaries: readonly unknown[],
  engine: Engine,
  scope: Scope,
  call: Call,
): Promise<Batch> {
  const began = env.clock.monotonic();
  const details = await inspections.of(summaries, call);
  const rows = summaries.map((summary): Row => {
    const id = idOf(summary) ?? '';
    const latest = inspections.since(id, began);
    const differs = latest !== null && (latest === 'gone' || !agrees(summary, latest));
    if (latest !== null) doubts.note(id, !differs);
    return {
      summary: differs && latest !== 'gone' ? corrected(summary, latest) : summary,
      detail: details.get(id) ?? null,
    };
  });
  const batch = mapRows(
    rows,
    (row) => idOf(row.summary),
    (row) => toResource(row, engine, scope),
    (_, row) => unknownOf(row),
  );
  return { ...batch, ...(batch.unknown ? withDetailErrors(inspections.error()) : {}) };
}
