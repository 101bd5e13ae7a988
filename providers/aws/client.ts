import { DescribeInstancesCommand, DescribeInstanceTypesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { openAccess } from '#providers/clouds/aws/client-access.ts';
import type { Environment } from '../contract.ts';
import type { AwsClient, Place } from './calls.ts';
import type { AwsConfig } from './config.ts';

/** The calls, through the AWS SDK. */
export function openClient(config: AwsConfig, env: Environment): AwsClient {
  const { access, client, ask } = openAccess(config, env);
  return {
    ...access,
    instances: (place, input, call) =>
      ask(place, call, (options) => ec2(place).send(new DescribeInstancesCommand(input), options)),
    instanceTypes: (place, input, call) =>
      ask(place, call, (options) => ec2(place).send(new DescribeInstanceTypesCommand(input), options)),
  };

  function ec2(place: Place): EC2Client {
    const one = client(EC2Client, place);
    // It copies each answer for a log that nobody keeps: a tenth of a listing's CPU.
    one.middlewareStack.remove('loggerMiddleware');
    return one;
  }
}
