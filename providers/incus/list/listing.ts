import type { Batch, DetailError, Scope } from '#lib/model/index.ts';
import { type Call, ProviderError } from '#providers/contract.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { mapRows } from '#providers/kit/rows.ts';
import { MEMBERS } from '../client/client.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { idOf, isPart, locationOf, toResource, unknownOf } from '../map/map-instance.ts';
import { hostOf, isOffline, memberNameOf } from '../map/map-member.ts';
import { type Hardware, OF_RESOURCES } from '../map/resources.ts';
import type { Place } from '../map/server.ts';
import { shareOf } from './share.ts';

/** Rows that are mapped in one go. */
const BATCH = 250;

/** The members of a cluster, or the server itself, as hosts. */
export async function* listMembers(cluster: Cluster, scope: Scope, call: Call): AsyncGenerator<Batch> {
  const place = await cluster.place(call);
  const rows = await cluster.members(place, call);
  const hardware = new Map<unknown, Hardware | null>();
  const errors: (DetailError | null)[] = [];
  for (const row of rows) {
    const name = memberNameOf(row);
    // Whoever is not heard of cannot be asked either.
    if (name === null || isOffline(row)) continue;
    const { value, error } = await cluster.hardware(name, place.server).ask(call);
    hardware.set(row, value);
    errors.push(error);
  }
  const batch = mapRows(
    rows,
    memberNameOf,
    (row) => hostOf(row, place, hardware.get(row) ?? null, scope),
    (_, row) => (hardware.get(row) ? [] : OF_RESOURCES),
  );
  yield { ...batch, ...withDetailErrors(...errors) };
  call.signal.throwIfAborted();
}

/**
 * The instances of a share of the cluster.
 * @param read how the whole list is had
 * @param seen told what is in it, by origin, once it was read to its end
 */
export async function* listInstances(
  cluster: Cluster,
  scope: Scope,
  call: Call,
  read: (project: string | null, call: Call) => Promise<readonly unknown[]> = cluster.lists.read,
  seen: (at: Presence, rows: readonly unknown[]) => void = () => undefined,
): AsyncGenerator<Batch> {
  const { member, project } = shareOf(scope);
  const { place, error } = await present(cluster, scope, call);
  if (error) yield { resources: [], unreadable: [], ...withDetailErrors(error) };
  const all = await read(project, call);
  call.signal.throwIfAborted();
  const rows = member === null ? all : all.filter((row) => locationOf(row) === member);
  for (let from = 0; from < rows.length; from += BATCH) {
    yield await mapped(cluster, place, rows.slice(from, from + BATCH), scope, call);
    call.signal.throwIfAborted();
  }
  seen({ place, error }, rows);
}

/** Who answers, and why it is not known whether the member of a share is there. */
export interface Presence {
  place: Place;
  error: DetailError | null;
}

/**
 * Who answers; of a member, that it is there. Where the cluster does not say, its instances are listed all the same: those of a member that
 * is offline cannot be understood.
 * @throws ProviderError `network` where nobody hears of the member: what the list says of its instances then is nothing
 */
export async function present(cluster: Cluster, scope: Scope, call: Call): Promise<Presence> {
  const { member } = shareOf(scope);
  const place = await cluster.place(call);
  if (member === null) return { place, error: null };
  const { value: rows, error } = await cluster.roster.ask(call);
  // What it said before is not what it says of now.
  if (error || !rows) return { place, error };
  const own = rows.find((row) => memberNameOf(row) === member);
  if (own === undefined)
    throw new ProviderError('config', scope.label, `${member} is no member of the cluster any more`).of(MEMBERS);
  if (isOffline(own))
    throw new ProviderError('network', scope.label, `${member} is offline: the cluster does not hear of it`).of(
      MEMBERS,
    );
  return { place, error: null };
}

export async function mapped(
  cluster: Cluster,
  place: Place,
  rows: readonly unknown[],
  scope: Scope,
  call: Call,
): Promise<Batch> {
  const nameOf = (row: unknown): string => locationOf(row) ?? place.server.name;
  const memory = new Map<string, number | null>();
  const errors: (DetailError | null)[] = [];
  for (const name of new Set(rows.filter(isPart).map(nameOf))) {
    const { value, error } = await cluster.hardware(name, place.server).ask(call);
    memory.set(name, value?.memory ?? null);
    errors.push(error);
  }
  const memoryOf = (row: unknown): number | null => memory.get(nameOf(row)) ?? null;
  const batch = mapRows(
    rows,
    idOf,
    (row) => toResource(row, { server: place.server, scope, memory: memoryOf(row) }),
    (_, row) => unknownOf(row, memoryOf(row)),
  );
  return { ...batch, ...withDetailErrors(...errors) };
}
