import type {
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
  DescribeRegionsCommandOutput,
} from '@aws-sdk/client-ec2';
import type { GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import type { Call } from '../contract.ts';

/** One region of one account. */
export interface Place {
  account: string;
  region: string;
}

type Answer<T> = Promise<Omit<T, '$metadata'>>;

/** The calls of this provider, and no others; answered by AWS or by the mock, in the SDK's own shapes. */
export interface AwsClient {
  /** `sts:GetCallerIdentity`. An account of '' is the credential's own, whichever that is. */
  identity(account: string, call: Call): Answer<GetCallerIdentityCommandOutput>;
  /** `ec2:DescribeRegions`: those enabled in the account. */
  regions(account: string, call: Call): Answer<DescribeRegionsCommandOutput>;
  /** `ec2:DescribeInstances`, one page. */
  instances(place: Place, input: DescribeInstancesCommandInput, call: Call): Answer<DescribeInstancesCommandOutput>;
  /** `ec2:DescribeInstanceTypes`, one page. */
  instanceTypes(
    place: Place,
    input: DescribeInstanceTypesCommandInput,
    call: Call,
  ): Answer<DescribeInstanceTypesCommandOutput>;
  /** Forgets the account's credential, so that the next call fetches a new one. */
  renew(account: string): void;
  close(): Promise<void>;
}
