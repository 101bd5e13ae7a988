import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { abortable } from '#lib/runtime/abort.ts';
import type { Call, Environment } from '#providers/contract.ts';
import type { AwsAccess, Place } from './access.ts';
import { BoundedHandler } from './client-http.ts';
import { organizationsRegion } from './client-partition.ts';
import { ORGANIZATION, openCredentials } from './credentials.ts';
import { awsError } from './errors.ts';
import type { AwsAccessOptions } from './options.ts';

type Ask = { abortSignal: AbortSignal };
/** What every client of the SDK is made with. */
export type Settings = ReturnType<ReturnType<typeof openAccess>['settings']>;
type Service = new (settings: Settings) => { destroy(): void };

/**
 * Clients of the AWS SDK and their credentials. One client per service, account and region: each has its own connections, so that a
 * dead region costs the others nothing. The SDK tries once; `kit/retry` tries again, because its waits end when the signal aborts.
 */
export function openAccess(options: AwsAccessOptions, env: Environment) {
  const credentials = openCredentials(options, env.clock);
  const clients = new Map<string, { destroy(): void }>();

  const settings = (account: string, region: string) => ({
    region,
    credentials: credentials.of(account),
    maxAttempts: 1,
    requestHandler: new BoundedHandler(options.timeout),
    ...(options.endpoint ? { endpoint: options.endpoint } : {}),
  });

  /** Kept, because a client remembers its connections and how far this machine's clock is off. */
  function client<S extends Service>(service: S, { account, region }: Place): InstanceType<S> {
    const key = `${account}/${region}/${service.name}`;
    const known = clients.get(key);
    if (known instanceof service) return known as InstanceType<S>;
    const made = new service(settings(account, region)) as InstanceType<S>;
    clients.set(key, made);
    return made;
  }

  /** One request with its deadline, stopped by the signal wherever it is; errors of the closed set. */
  async function ask<T>(place: Place, call: Call, run: (options: Ask) => Promise<T>): Promise<T> {
    call.signal.throwIfAborted();
    const abortSignal = AbortSignal.any([call.signal, AbortSignal.timeout(options.timeout * 1000)]);
    try {
      return await abortable(run({ abortSignal }), abortSignal);
    } catch (error) {
      call.signal.throwIfAborted();
      throw awsError(error, `${place.account || env.source} ${place.region}`, env.clock.now());
    }
  }

  const access: AwsAccess = {
    identity(account, call) {
      const place = { account, region: options.region };
      return ask(place, call, (o) => client(STSClient, place).send(new GetCallerIdentityCommand({}), o));
    },
    regions(account, call) {
      const place = { account, region: options.region };
      return ask(place, call, (o) => client(EC2Client, place).send(new DescribeRegionsCommand({}), o));
    },
    accounts(token, call) {
      const place = { account: ORGANIZATION, region: organizationsRegion(options.region) };
      const input = token === undefined ? {} : { NextToken: token };
      return ask(place, call, (o) => client(OrganizationsClient, place).send(new ListAccountsCommand(input), o));
    },
    own: (account) => credentials.own(account),
    renew(account) {
      credentials.renew(account);
      for (const [key, one] of clients) {
        if (!key.startsWith(`${account}/`)) continue;
        one.destroy();
        clients.delete(key);
      }
    },
    async close() {
      for (const one of clients.values()) one.destroy();
      clients.clear();
    },
  };
  return { access, client, ask, settings };
}
