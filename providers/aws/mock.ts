import { type Account, type Fleet, fleetOf, type Machine, SIZES } from '#lib/demo/index.ts';
import { awsError } from '#providers/clouds/aws/errors.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { mockPages } from '#providers/kit/mock/mock-pages.ts';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import type { AwsClient, Place } from './calls.ts';
import { instanceTypeOf, reservationOf } from './wire.ts';

/** Accounts of the fleet, for a mock source that names none. */
export const mockAccounts = (options: MockOptions): { id: string }[] =>
  fleetOf(options)
    .accounts('aws')
    .map(({ id }) => ({ id }));

/** The client of the real adapter, answered by the fleet instead of AWS. */
export function mockClient(options: MockOptions, env: Environment): AwsClient {
  const fleet = fleetOf(options);
  const listings = mockPages<Machine>(1000);
  const organization = mockPages<Account>(20);
  return {
    async identity(account, call) {
      call.signal.throwIfAborted();
      const id = account || fleet.accounts('aws')[0]?.id || '';
      return { Account: id, Arn: `arn:aws:sts::${id}:assumed-role/MusterReadOnly/muster`, UserId: 'mock' };
    },
    async accounts(token, call) {
      call.signal.throwIfAborted();
      const { rows, next } = organization.page('organization', token, () => fleet.accounts('aws'));
      const Accounts = rows.map(({ id, name }) => ({ Id: id, Name: name, State: 'ACTIVE' as const }));
      return { Accounts, ...(next ? { NextToken: next } : {}) };
    },
    async regions(account, call) {
      call.signal.throwIfAborted();
      return {
        Regions: accountOf(fleet, account).places.map(({ region }) => ({
          RegionName: region,
          OptInStatus: 'opt-in-not-required',
        })),
      };
    },
    async instances(place, input, call) {
      refuse(fleet, place, call, env);
      const { rows, next } = listings.page(labelOf(place), input.NextToken, () => machines(fleet, place, env));
      return { Reservations: rows.map(reservationOf), ...(next ? { NextToken: next } : {}) };
    },
    async instanceTypes(place, input, call) {
      refuse(fleet, place, call, env);
      const wanted = input.Filters?.[0]?.Values;
      const sizes = SIZES.aws.filter((size) => !wanted || wanted.includes(size.type));
      return { InstanceTypes: sizes.map(instanceTypeOf) };
    },
    own: () => undefined,
    renew: () => undefined,
    close: async () => undefined,
  };
}

const labelOf = ({ account, region }: Place): string => `${account} ${region}`;

function accountOf(fleet: Fleet, id: string): Account {
  const account = fleet.accounts('aws').find((a) => a.id === id);
  if (!account) throw new ProviderError('auth', id, 'the fleet has no such account');
  return account;
}

function* machines(fleet: Fleet, { account, region }: Place, env: Environment): Generator<Machine> {
  const place = accountOf(fleet, account).places.find((p) => p.region === region);
  if (place) yield* fleet.at(env.clock.now()).machines(place);
}

/** Denied regions answer as one does that an organisation's policy forbids. */
function refuse(fleet: Fleet, at: Place, call: Call, env: Environment): void {
  call.signal.throwIfAborted();
  const place = accountOf(fleet, at.account).places.find((p) => p.region === at.region);
  if (place?.fault !== 'denied') return;
  const denial = { name: 'UnauthorizedOperation', $metadata: { httpStatusCode: 403 } };
  throw awsError(denial, labelOf(at), env.clock.now());
}
