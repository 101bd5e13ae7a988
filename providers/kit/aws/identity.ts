import { type Call, type Environment, ProviderError } from '../../contract.ts';
import { retry } from '../retry.ts';
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
  const answer = await retry(env, call, () => client.identity(expected ?? '', call));
  const arn = readArn(answer.Arn ?? '');
  const account = answer.Account;
  if (!arn || !account) throw new ProviderError('bad-reply', place, 'did not say whose credential this is');
  if (expected !== null && (account !== expected || arn.account !== expected))
    throw new ProviderError('config', place, `the credential belongs to account ${account}; nothing was read`);
  return { account, partition: arn.partition };
}
