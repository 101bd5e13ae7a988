import type { Accounts } from '#providers/clouds/aws/accounts.ts';
import { identify } from '#providers/clouds/aws/identity.ts';
import { named } from '#providers/kit/wire/named.ts';
import { type Environment, type Permission, type PermissionCall, ProviderError } from '../contract.ts';
import { each } from '../kit/each.ts';
import type { AwsClient } from './calls.ts';
import type { AwsConfig } from './config.ts';

/** The smallest page both lists take. */
const FEW = 5;

/** Accounts that are tried at a time. */
const AT_ONCE = 8;

/** Tries each call of the policy once per account, in one region; the list in every other region only if that is asked for. */
export async function* probe(
  client: AwsClient,
  accounts: Accounts,
  config: AwsConfig,
  env: Environment,
  call: PermissionCall,
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
  call: PermissionCall,
): Promise<Permission[]> {
  const home = config.regions?.[0] ?? config.region;
  let account = id ?? '';
  const assumes = config.organization !== undefined || config.accounts.some((a) => a.id === id && a.roleArn);
  // A role that cannot be assumed fails the first call made with it.
  const identity = await attempt(assumes ? 'sts:AssumeRole' : 'sts:GetCallerIdentity', id ?? env.source, async () => {
    account = (await identify(client, id, env, call)).account;
  });
  if (identity.state !== 'allowed') return [identity];
  let regions: readonly string[] = config.regions ?? [];
  const listRegions = async () => {
    const { Regions } = await client.regions(account, call);
    if (config.regions === undefined) regions = Regions?.flatMap(({ RegionName }) => RegionName ?? []) ?? [];
  };
  const list = (region: string, named: string | null) =>
    attempt(
      'ec2:DescribeInstances',
      account,
      () => client.instances({ account, region }, { MaxResults: FEW }, call),
      named,
    );
  const types = () => client.instanceTypes({ account, region: home }, { MaxResults: FEW }, call);
  const found = [
    { ...identity, account },
    await attempt('ec2:DescribeRegions', account, listRegions),
    await list(home, null),
    await attempt('ec2:DescribeInstanceTypes', account, types),
  ];
  if (call.everyRegion !== true) return found;
  const others = regions.filter((region) => region !== home);
  for await (const other of each(others, AT_ONCE, (region) => list(region, region)))
    if (other.state !== 'allowed') found.push(other);
  return found;
}

async function attempt(
  action: string,
  account: string,
  run: () => Promise<unknown>,
  region: string | null = null,
): Promise<Permission> {
  try {
    await named(action, run);
    return { action, account, region, state: 'allowed', message: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const state = error.kind === 'permission' ? 'denied' : 'unknown';
    return { action, account, region, state, message: error.message };
  }
}
