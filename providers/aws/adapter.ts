import { type Batch, type Resource, type Scope, scopeId } from '#lib/model/index.ts';
import { openAccounts } from '#providers/clouds/aws/accounts.ts';
import { withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import { createDetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import {
  type Adapter,
  type Call,
  type Connection,
  type Environment,
  ProviderError,
  UnseenAccounts,
} from '../contract.ts';
import { withRenewal } from '../kit/renewal.ts';
import { retry } from '../kit/retry.ts';
import { mapRows } from '../kit/rows.ts';
import type { AwsClient } from './calls.ts';
import type { AwsConfig } from './config.ts';
import { idOf, type Row, toResource, undated, unsized } from './map.ts';
import { probe } from './probe.ts';
import { openSizes } from './sizes.ts';

/** The most that DescribeInstances takes. Without it the call draws on the smaller of two quotas. */
const PAGE = 1000;

export const adapter: Adapter<AwsConfig> = {
  async open(config, env) {
    if (config.mock) {
      const { mockClient, mockAccounts } = await import('./mock.ts');
      const named = config.organization !== undefined || config.accounts.length > 0;
      const accounts = named ? config.accounts : mockAccounts(config.mock);
      return connect(mockClient(config.mock, env), { ...config, accounts }, env);
    }
    const { openClient } = await import('./client.ts');
    return connect(openClient(config, env), config, env);
  },
};

function connect(client: AwsClient, config: AwsConfig, env: Environment): Connection {
  const accounts = openAccounts(client, config, env);
  const calls = createDetailCalls(env);
  const sizes = openSizes(client, env, calls, (account) => accounts.renew(account));

  async function* list(scope: Scope, call: Call): AsyncGenerator<Batch> {
    const { account, region } = scope;
    if (region === null) throw new ProviderError('config', scope.label, 'a scope of EC2 is one region');
    const place = { account, region };
    const { partition } = await accounts.identity(account, call);
    const context = { scope, partition, size: sizes.size };
    const read = pages(scope.label, 'ec2:DescribeInstances', call.signal, async (NextToken) => {
      const input = { MaxResults: PAGE, ...(NextToken ? { NextToken } : {}) };
      const page = await retry(env, call, () => client.instances(place, input, call));
      // The SDK gives an empty list for an empty element, and nothing at all where the element is missing.
      if (!page.Reservations) throw unexpected(scope.label, 'a list of reservations', page);
      const rows = page.Reservations.flatMap(({ OwnerId: owner, Instances }): Row[] =>
        Instances ? Instances.map((instance) => ({ owner, instance })) : [{ owner, instance: null }],
      );
      return { items: rows, count: rows.length, next: page.NextToken };
    });
    for await (const rows of read) {
      const error = await sizes.learn(
        rows.map((row) => row.instance?.InstanceType),
        place,
        call,
      );
      const unknown = (resource: Resource, row: Row) => [
        ...(resource.type !== null && !sizes.asked(resource.type) ? unsized(resource) : []),
        ...undated(row),
      ];
      const batch = mapRows(rows, idOf, (row) => toResource(row, context), unknown);
      yield { ...batch, ...withDetailErrors(error) };
    }
  }

  return {
    async *scopes(call) {
      try {
        for await (const { account, regions } of accounts.discover(call))
          for (const region of regions) yield scopeOf(env.source, account, region);
      } catch (error) {
        if (!(error instanceof UnseenAccounts)) throw error;
        for (const account of error.accounts.keys()) yield* unseen(env.source, account, call.known);
      }
    },
    list: (scope, call) =>
      withRenewal(
        () => (scope.part === 'discovery' ? accounts.look(scope.account, call) : list(scope, call)),
        () => accounts.renew(scope.account),
      ),
    permissions: (call) => probe(client, accounts, config, env, call),
    async close() {
      calls.close();
      await client.close();
    },
  };
}

/** An account that cannot be looked into keeps the regions that are known of it; one of which nothing is known stands for itself. */
function* unseen(source: string, account: string, known: readonly Scope[] = []): Generator<Scope> {
  const before = known.filter((scope) => scope.account === account && scope.region !== null);
  if (before.length > 0) yield* before;
  else
    yield {
      ...scopeOf(source, account, ''),
      id: scopeId(source, account, null, 'discovery'),
      region: null,
      part: 'discovery',
      label: account,
    };
}

const scopeOf = (source: string, account: string, region: string): Scope => ({
  id: scopeId(source, account, region, 'instances'),
  provider: 'aws',
  source,
  account,
  region,
  part: 'instances',
  kind: 'vm',
  label: `${account} ${region}`,
});
