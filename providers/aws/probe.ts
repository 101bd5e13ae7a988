import { type Call, type Environment, type Permission, ProviderError } from '../contract.ts';
import { identify } from '../kit/aws/identity.ts';
import type { AwsClient } from './calls.ts';
import type { AwsConfig } from './config.ts';

/** The smallest page both lists take. */
const FEW = 5;

/** Tries each call of the policy once per account, in one region. */
export async function* probe(
  client: AwsClient,
  config: AwsConfig,
  env: Environment,
  call: Call,
): AsyncGenerator<Permission> {
  const region = config.regions?.[0] ?? config.region;
  for (const configured of config.accounts.length > 0 ? config.accounts : [null]) {
    let account = configured?.id ?? '';
    const attempt = async (action: string, run: () => Promise<unknown>): Promise<Permission> => {
      const named = account || env.source;
      try {
        await run();
        return { action, account: account || named, region: null, state: 'allowed', message: null };
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const state = error.kind === 'permission' ? 'denied' : 'unknown';
        return { action, account: named, region: null, state, message: error.message };
      }
    };
    // A role that cannot be assumed fails the first call made with it.
    const identity = await attempt(configured?.roleArn ? 'sts:AssumeRole' : 'sts:GetCallerIdentity', async () => {
      account = (await identify(client, configured?.id ?? null, env, call)).account;
    });
    yield identity;
    if (identity.state !== 'allowed') continue;
    const place = { account, region };
    yield await attempt('ec2:DescribeRegions', () => client.regions(account, call));
    yield await attempt('ec2:DescribeInstances', () => client.instances(place, { MaxResults: FEW }, call));
    yield await attempt('ec2:DescribeInstanceTypes', () => client.instanceTypes(place, { MaxResults: FEW }, call));
  }
}
