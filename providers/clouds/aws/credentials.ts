import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { Clock } from '#providers/contract.ts';
import { BoundedHandler } from './client-http.ts';
import { partitionOf } from './client-partition.ts';
import type { AwsAccessOptions } from './options.ts';

type Credentials = Awaited<ReturnType<ReturnType<typeof fromNodeProviderChain>>>;
type Source = () => Promise<Credentials>;

/** Stands for the account whose list of accounts is read; no account has this id. */
export const ORGANIZATION = 'organization';

// STS gives an hour; a listing must not begin with a credential that ends on its way.
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * One credential per account for all of its clients, so that a hundred regions assume a role once, not a hundred times
 * (aws-sdk-js-v3#4867).
 */
export function openCredentials(config: AwsAccessOptions, clock: Clock) {
  let hub = openHub(config, clock);
  const accounts = new Map<string, Source>();
  let own = '';

  /** The role to assume in an account, null where the base credential is its own. */
  function roleOf(id: string): { roleArn: string; externalId: string | undefined } | null {
    const { organization } = config;
    if (organization) {
      const { role, externalId, managementRoleArn } = organization;
      if (id === ORGANIZATION) return managementRoleArn ? { roleArn: managementRoleArn, externalId: undefined } : null;
      if (id === '' || id === own) return null;
      return { roleArn: `arn:${partitionOf(config.region)}:iam::${id}:role/${role}`, externalId };
    }
    const account = config.accounts.find((a) => a.id === id);
    return account?.roleArn ? { roleArn: account.roleArn, externalId: account.externalId } : null;
  }

  function open(id: string): Source {
    const role = roleOf(id);
    if (!role) return () => hub();
    const { roleArn, externalId } = role;
    return shared(clock, () =>
      fromTemporaryCredentials({
        masterCredentials: () => hub(),
        params: {
          RoleArn: roleArn,
          RoleSessionName: 'muster',
          DurationSeconds: 3600,
          ...(externalId ? { ExternalId: externalId } : {}),
        },
        clientConfig: {
          region: config.region,
          maxAttempts: 1,
          requestHandler: new BoundedHandler(config.timeout),
          ...(config.endpoint ? { endpoint: config.endpoint } : {}),
        },
      }),
    );
  }

  return {
    /** The credential of an account; '' is the one that everything begins with. */
    of(id: string): Source {
      return () => {
        const source = accounts.get(id) ?? open(id);
        accounts.set(id, source);
        return source();
      };
    },
    /** Says which account the base credential belongs to. */
    own(id: string): void {
      if (own !== id) accounts.delete(id);
      own = id;
    },
    renew(id: string): void {
      accounts.delete(id);
      hub = openHub(config, clock);
    },
  };
}

const openHub = (config: AwsAccessOptions, clock: Clock): Source =>
  // Files are read again each time, so that a rotated credential is seen without a restart.
  shared(clock, () =>
    fromNodeProviderChain({ ignoreCache: true, ...(config.profile ? { profile: config.profile } : {}) }),
  );

/** Remembers a credential until shortly before it expires; asks once however many wait for it. */
function shared(clock: Clock, make: () => Source): Source {
  const source = make();
  let held: Promise<Credentials> | null = null;
  let until = Number.POSITIVE_INFINITY;
  return async () => {
    if (clock.now() >= until) held = null;
    if (held) return held;
    const asked = source();
    held = asked;
    until = Number.POSITIVE_INFINITY;
    try {
      const credentials = await asked;
      if (credentials.expiration) until = credentials.expiration.getTime() - RENEW_BEFORE_MS;
      return credentials;
    } catch (error) {
      held = null;
      throw error;
    }
  };
}
