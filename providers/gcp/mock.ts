import { type Account, type Fleet, fleetOf, type Place } from '#lib/demo/index.ts';
import { gcpError } from '#providers/clouds/gcp/errors.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { mockPages } from '#providers/kit/mock/mock-pages.ts';
import type { Call, Environment } from '../contract.ts';
import type { GcpClient } from './client.ts';
import { aggregatedPage, instanceOf, machineTypesIn } from './wire.ts';

type Row = { zone: string; row: object };

/** Projects of the fleet, for a mock source that names none. */
export const mockProjects = (options: MockOptions): string[] =>
  fleetOf(options)
    .accounts('gcp')
    .map((a) => a.id);

/** The client of the real adapter, answered by the fleet instead of Google: pages of 500, quota and outages as Google tells them. */
export function mockClient(options: MockOptions, env: Environment): GcpClient {
  const fleet = fleetOf(options);
  const listings = mockPages<Row>(500);
  const searches = mockPages<Account>(500);

  function page(part: 'instances' | 'machineTypes', project: string, token: string | undefined, call: Call): object {
    call.signal.throwIfAborted();
    const account = fleet.accounts('gcp').find((a) => a.id === project);
    const now = env.clock.now();
    refuse(account, project, now);
    const places = account?.places ?? [];
    const start = () => (part === 'instances' ? instances(fleet, places, now) : types(places));
    const { rows, next } = listings.page(project, token, start);
    return aggregatedPage(part, project, places, rows, next);
  }

  return {
    instances: async (project, token, call) => page('instances', project, token, call),
    machineTypes: async (project, token, call) => page('machineTypes', project, token, call),
    async projects(_query, token, call) {
      call.signal.throwIfAborted();
      const { rows, next } = searches.page('projects', token, () => fleet.accounts('gcp'));
      const projects = rows.map(({ id, name }) => ({ projectId: id, displayName: name, state: 'ACTIVE' }));
      return { projects, ...(next ? { nextPageToken: next } : {}) };
    },
    renew: () => undefined,
    close: async () => undefined,
  };
}

/** Answers as Google would for a project that does not exist, is denied or out of quota. */
function refuse(account: Account | undefined, project: string, now: number): void {
  const has = (fault: Place['fault']) => account?.places.some((place) => place.fault === fault);
  if (!account) throw failure(404, 'notFound', 'The project was not found.', project, now);
  if (has('throttled')) throw failure(403, 'rateLimitExceeded', 'Quota exceeded.', project, now);
  if (has('denied')) throw failure(403, 'forbidden', "Required 'compute.instances.list' permission.", project, now);
}

function failure(code: number, reason: string, message: string, project: string, now: number): Error {
  const body = { error: { code, message, errors: [{ reason, message }] } };
  return gcpError({ status: code, headers: {}, body, excerpt: '' }, project, now);
}

function* instances(fleet: Fleet, places: readonly Place[], now: number): Generator<Row> {
  const moment = fleet.at(now);
  for (const place of places) {
    if (place.fault === 'unreachable') continue;
    for (const machine of moment.machines(place)) {
      const row = instanceOf(machine);
      if (row) yield { zone: machine.zone, row };
    }
  }
}

const types = (places: readonly Place[]): Row[] =>
  machineTypesIn(places.filter((place) => place.fault === null).flatMap((place) => place.zones));
