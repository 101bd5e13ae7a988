import { type Call, type Environment, type Permission, ProviderError } from '../contract.ts';
import type { Accounts } from '../kit/aws/accounts.ts';
import { identify } from '../kit/aws/identity.ts';
import { each } from '../kit/each.ts';
import type { AwsClient } from './calls.ts';
import type { AwsConfig } from './config.ts';

/** The smallest page both lists take. */
const FEW = 5;

/** Accounts that are tried at a time. */
const AT_ONCE = 8;

/** Tries each call of the policy once per account, in one region. */
export async function* probe(
  client: AwsClient,
  accounts: Accounts,
  config: AwsConfig,
  env: Environment,
  call: Call,
): AsyncGenerator<Permission> {
  let ids: readonly (string | null)[] = [];
  const list = async () => {
    ids = await accounts.ids(call);
  };
  if (config.organization) yield await attempt('organizations:ListAccounts', env.source, list);
  else await list();
  for await (const found of each(ids, AT_ONCE, (id) => probeAccount(client, id, config, env, call))) yield* found;
}

async function probeAccount(
  client: AwsClient,
  id: string | null,
  config: AwsConfig,
  env: Environment,
  call: Call,
): Promise<Permission[]> {
  const region = config.regions?.[0] ?? config.region;
  let account = id ?? '';
  const assumes = config.organization !== undefined || config.accounts.some((a) => a.id === id && a.roleArn);
  // A role that cannot be assumed fails the first call made with it.
  const identity = await attempt(assumes ? 'sts:AssumeRole' : 'sts:GetCallerIdentity', id ?? env.source, async () => {
    account = (await identify(client, id, env, call)).account;
  });
  if (identity.state !== 'allowed') return [identity];
  const place = { account, region };
  return [
    { ...identity, account },
    await attempt('ec2:DescribeRegions', account, () => client.regions(account, call)),
    await attempt('ec2:DescribeInstances', account, () => client.instances(place, { MaxResults: FEW }, call)),
    await attempt('ec2:DescribeInstanceTypes', account, () => client.instanceTypes(place, { MaxResults: FEW }, call)),
  ];
}

async function attempt(action: string, account: string, run: () => Promise<unknown>): Promise<Permission> {
  try {
    await run();
    return { action, account, region: null, state: 'allowed', message: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const state = error.kind === 'permission' ? 'denied' : 'unknown';
    return { action, account, region: null, state, message: error.message };
  }
}
