import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Call, Environment } from '../contract.ts';
import { abortable } from '../kit/abortable.ts';
import type { AwsClient, Place } from './calls.ts';
import { BoundedHandler } from './client-http.ts';
import type { AwsConfig } from './config.ts';
import { openCredentials } from './credentials.ts';
import { awsError } from './errors.ts';

type Ask = { abortSignal: AbortSignal };

/**
 * The calls, through the AWS SDK. One client per account and region: each has its own connections, so that a dead region costs
 * the others nothing. The SDK tries once; `kit/retry` tries again, because its waits end when the signal aborts.
 */
export function openClient(config: AwsConfig, env: Environment): AwsClient {
  const credentials = openCredentials(config, env.clock);
  const clients = new Map<string, EC2Client | STSClient>();
  const settings = (account: string, region: string) => ({
    region,
    credentials: credentials.of(account),
    maxAttempts: 1,
    requestHandler: new BoundedHandler(config.timeout),
    ...(config.endpoint ? { endpoint: config.endpoint } : {}),
  });

  /** Kept, because a client remembers its connections and how far this machine's clock is off. */
  function ec2({ account, region }: Place): EC2Client {
    const known = clients.get(`${account}/${region}`);
    if (known instanceof EC2Client) return known;
    const made = new EC2Client(settings(account, region));
    // It copies each answer for a log that nobody keeps: a tenth of a listing's CPU.
    made.middlewareStack.remove('loggerMiddleware');
    clients.set(`${account}/${region}`, made);
    return made;
  }

  function sts(account: string): STSClient {
    const known = clients.get(`${account}/sts`);
    if (known instanceof STSClient) return known;
    const made = new STSClient(settings(account, config.region));
    clients.set(`${account}/sts`, made);
    return made;
  }

  /** One request with its deadline, stopped by the signal wherever it is; errors of the closed set. */
  async function ask<T>(place: Place, call: Call, run: (options: Ask) => Promise<T>): Promise<T> {
    call.signal.throwIfAborted();
    const abortSignal = AbortSignal.any([call.signal, AbortSignal.timeout(config.timeout * 1000)]);
    try {
      return await abortable(run({ abortSignal }), abortSignal);
    } catch (error) {
      call.signal.throwIfAborted();
      throw awsError(error, `${place.account || env.source} ${place.region}`, env.clock.now());
    }
  }

  return {
    identity: (account, call) =>
      ask({ account, region: config.region }, call, (options) =>
        sts(account).send(new GetCallerIdentityCommand({}), options),
      ),
    regions: (account, call) => {
      const place = { account, region: config.region };
      return ask(place, call, (options) => ec2(place).send(new DescribeRegionsCommand({}), options));
    },
    instances: (place, input, call) =>
      ask(place, call, (options) => ec2(place).send(new DescribeInstancesCommand(input), options)),
    instanceTypes: (place, input, call) =>
      ask(place, call, (options) => ec2(place).send(new DescribeInstanceTypesCommand(input), options)),
    renew: (account) => {
      credentials.renew(account);
      for (const [key, client] of clients) {
        if (!key.startsWith(`${account}/`)) continue;
        client.destroy();
        clients.delete(key);
      }
    },
    close: async () => {
      for (const client of clients.values()) client.destroy();
      clients.clear();
    },
  };
}
