import type { DescribeRegionsCommandOutput } from '@aws-sdk/client-ec2';
import type { ListAccountsCommandOutput } from '@aws-sdk/client-organizations';
import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { Call } from '#providers/contract.ts';

/** One region of one account. */
export interface Place {
  account: string;
  region: string;
}

export type Answer<T> = Promise<Omit<T, '$metadata'>>;

/** The calls by which accounts and regions are found, answered by AWS or by a mock, in the SDK's own shapes. */
export interface AwsAccess {
  /** `sts:GetCallerIdentity`. An account of '' is the credential's own, whichever that is. */
  identity(account: string, call: Call): Answer<GetCallerIdentityCommandOutput>;
  /** `ec2:DescribeRegions`: those enabled in the account. */
  regions(account: string, call: Call): Answer<DescribeRegionsCommandOutput>;
  /** `organizations:ListAccounts`, one page of 20. */
  accounts(token: string | undefined, call: Call): Answer<ListAccountsCommandOutput>;
  /** Which account the base credential belongs to: no role is assumed there. */
  own(account: string): void;
  /** Forgets the account's credential, so that the next call fetches a new one. */
  renew(account: string): void;
  close(): Promise<void>;
}
