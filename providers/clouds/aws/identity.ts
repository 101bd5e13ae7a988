import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { AwsAccess } from './access.ts';
import { readArn } from './partition.ts';

/** Whose credential it is, as AWS says. */
export interface Identity {
  account: string;
  partition: string;
}

/**
 * Asks whose credential is in use and refuses another account's: its rows would replace those of the account that is meant.
 * @param expected account id, or null for whichever it is
 * @throws ProviderError `config` for another account
 */
export async function identify(
  client: AwsAccess,
  expected: string | null,
  env: Environment,
  call: Call,
): Promise<Identity> {
  const place = expected ?? env.source;
  const { arn, account } = await named('sts:GetCallerIdentity', async () => {
    const answer = await retry(env, call, () => client.identity(expected ?? '', call));
    const read = { arn: readArn(answer.Arn ?? ''), account: answer.Account };
    if (!read.arn || !read.account) throw unexpected(place, 'Arn and Account of the credential', answer);
    return { arn: read.arn, account: read.account };
  });
  if (expected !== null && (account !== expected || arn.account !== expected))
    throw new ProviderError('config', place, `the credential belongs to account ${account}; nothing was read`);
  return { account, partition: arn.partition };
}
