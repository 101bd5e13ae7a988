import type {
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  DescribeInstanceTypesCommandInput,
  DescribeInstanceTypesCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Answer, AwsAccess, Place } from '#providers/clouds/aws/access.ts';
import type { Call } from '../contract.ts';

export type { Place };

/** The calls of this provider, and no others; answered by AWS or by the mock, in the SDK's own shapes. */
export interface AwsClient extends AwsAccess {
  /** `ec2:DescribeInstances`, one page. */
  instances(place: Place, input: DescribeInstancesCommandInput, call: Call): Answer<DescribeInstancesCommandOutput>;
  /** `ec2:DescribeInstanceTypes`, one page. */
  instanceTypes(
    place: Place,
    input: DescribeInstanceTypesCommandInput,
    call: Call,
  ): Answer<DescribeInstanceTypesCommandOutput>;
}
