import { type Account, type Fleet, fleetOf, type Machine, type Place, throttledFor } from '#lib/demo/index.ts';
import { armError } from '#providers/clouds/azure/errors.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { mockPages } from '#providers/kit/mock/mock-pages.ts';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import type { ArmPage, AzureClient } from './client.ts';
import * as wire from './wire.ts';

/** Subscriptions of the fleet, for a mock source that names none. */
export const mockSubscriptions = (options: MockOptions): string[] =>
  fleetOf(options)
    .accounts('azure')
    .map((account) => account.id);

/** The client of the real adapter, answered by the fleet instead of ARM, throttled and denied where the fleet says so. */
export function mockClient(options: MockOptions, env: Environment): AzureClient {
  const fleet = fleetOf(options);
  const tenant = wire.tenantOf(fleet.seed);
  const listings = mockPages<object>(1000);
  const sets = new UniformSets(fleet);

  async function find(subscription: string, call: Call): Promise<Account> {
    call.signal.throwIfAborted();
    const account = fleet.accounts('azure').find((a) => a.id === subscription);
    return admitted(account, subscription, env.clock.now());
  }

  async function page(
    sub: string,
    next: string | undefined,
    call: Call,
    start: (account: Account) => Iterable<object>,
  ): Promise<ArmPage> {
    const account = await find(sub, call);
    return listings.page(sub, next, () => start(account));
  }

  const machines =
    (keep: (machine: Machine) => boolean, row: (machine: Machine) => object) =>
    (sub: string, next: string | undefined, call: Call) =>
      page(sub, next, call, (account) => rows(fleet, account, env.clock.now(), keep, row));
  const members =
    (keep: (machine: Machine) => boolean, row: (machine: Machine) => object) =>
    (sub: string, set: string, next: string | undefined, call: Call) =>
      page(sub, next, call, () => sets.membersOf(sub, set).filter(keep).map(row));

  const hasPublic = (machine: Machine) => machine.publicAddress !== null;
  const all = () => true;
  return {
    subscription: async (sub, call) => wire.subscriptionRow(await find(sub, call), tenant),
    async subscriptions(next, call) {
      call.signal.throwIfAborted();
      return listings.page('subscriptions', next, () =>
        fleet.accounts('azure').map((account) => wire.subscriptionRow(account, tenant)),
      );
    },
    async descendants() {
      throw new ProviderError('unsupported', env.source, 'the mock fleet has no management groups');
    },
    virtualMachines: machines(wire.isListedAlone, (m) => wire.modelOnly(wire.virtualMachineRow(m))),
    powerStates: machines(wire.isListedAlone, (m) => wire.statusOnly(wire.virtualMachineRow(m))),
    interfaces: machines(wire.isListedAlone, wire.interfaceRow),
    publicAddresses: machines((m) => wire.isListedAlone(m) && hasPublic(m), wire.publicAddressRow),
    scaleSets: (sub, next, call) => page(sub, next, call, (account) => sets.rows(account, env.clock.now())),
    scaleSetVms: members(all, wire.scaleSetVmRow),
    scaleSetInterfaces: members(all, wire.interfaceRow),
    scaleSetPublicAddresses: members(hasPublic, wire.publicAddressRow),
    skus: (sub, location, next, call) => page(sub, next, call, () => wire.skuRows(location)),
    renew: () => undefined,
    close: async () => undefined,
  };
}

/** Answers as ARM would for a subscription that does not exist, is denied, throttled or out of reach. */
function admitted(account: Account | undefined, subscription: string, now: number): Account {
  const has = (fault: Place['fault']) => account?.places.some((place) => place.fault === fault);
  const fail = (status: number, code: string, headers: Record<string, string> = {}): Error =>
    armError({ status, headers, body: { error: { code, message: '' } }, excerpt: '' }, subscription, now);
  if (!account) throw fail(404, 'SubscriptionNotFound');
  const wait = has('throttled') ? throttledFor(now) : 0;
  if (wait > 0) throw fail(429, 'TooManyRequests', { 'retry-after': String(Math.ceil(wait / 1000)) });
  if (has('denied')) throw fail(403, 'AuthorizationFailed');
  if (has('unreachable')) throw fail(500, 'InternalServerError');
  return account;
}

function* rows(
  fleet: Fleet,
  account: Account,
  now: number,
  keep: (machine: Machine) => boolean,
  row: (machine: Machine) => object,
) {
  const moment = fleet.at(now);
  for (const place of account.places)
    for (const machine of moment.machines(place)) if (keep(machine)) yield row(machine);
}

/** Members of Uniform sets by set, one place at a time: a set's members stand in one, and listings go from place to place. */
class UniformSets {
  readonly #fleet: Fleet;
  readonly #places = new Map<string, { place: Place; now: number }>();
  readonly #open = new Map<string, { place: Place; now: number; members: Map<string, Machine[]> }>();

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Every scale set of a subscription, Flexible ones included, as ARM lists them. */
  *rows(account: Account, now: number): Generator<object> {
    for (const place of account.places) {
      const seen = new Set<string>();
      for (const machine of this.#fleet.at(now).machines(place)) {
        if (!machine.group || wire.isGone(machine)) continue;
        const id = wire.scaleSetId(machine);
        if (seen.has(id)) continue;
        seen.add(id);
        this.#places.set(id.toLowerCase(), { place, now });
        yield wire.scaleSetRow(machine);
      }
    }
  }

  membersOf(subscription: string, set: string): Machine[] {
    const at = this.#places.get(set.toLowerCase());
    if (!at) return [];
    let open = this.#open.get(subscription);
    if (open?.place !== at.place || open.now !== at.now) {
      const uniform = [...this.#fleet.at(at.now).machines(at.place)].filter(wire.isInUniformSet);
      open = { ...at, members: Map.groupBy(uniform, (machine) => wire.scaleSetId(machine).toLowerCase()) };
      this.#open.set(subscription, open);
    }
    return open.members.get(set.toLowerCase()) ?? [];
  }
}
