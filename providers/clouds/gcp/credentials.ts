import { readFile } from 'node:fs/promises';
import {
  type AuthClient,
  AwsClient,
  type AwsClientOptions,
  GoogleAuth,
  IdentityPoolClient,
  type IdentityPoolClientOptions,
  JWT,
  UserRefreshClient,
} from 'google-auth-library';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, ProviderError } from '#providers/contract.ts';
import { cachedCredential } from '#providers/kit/cached-credential.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { tokenError } from './errors.ts';
import type { GcpAccessOptions } from './options.ts';

export interface Credentials {
  /** The headers that authorise a request to `url`. */
  headers(url: string, project: string, call: Call): Promise<Record<string, string>>;
  /** The next request reads the credential anew. */
  renew(): void;
}

/** Credentials of a source: its static token, its file (read again once it changed on disk), or Google's default chain. */
export function credentialsOf(
  config: Pick<GcpAccessOptions, 'token' | 'credentialsFile' | 'timeout'>,
  oauthScopes: readonly string[],
): Credentials {
  const scopes = [...oauthScopes];
  const { token, credentialsFile } = config;
  if (token !== undefined)
    return { headers: async () => ({ authorization: `Bearer ${token}` }), renew: () => undefined };
  const shared = { transporterOptions: { timeout: config.timeout * 1000 } };
  const held = credentialsFile
    ? cachedCredential([credentialsFile], () => fromFile(credentialsFile, scopes, shared))
    : cachedCredential([], () => new GoogleAuth({ scopes, clientOptions: shared }).getClient());
  return {
    async headers(url, project, { signal }) {
      try {
        const client = await abortable(held.get(), signal);
        return Object.fromEntries(await abortable(client.getRequestHeaders(url), signal));
      } catch (error) {
        signal.throwIfAborted();
        throw tokenError(error, project).of('sign-in');
      }
    },
    renew: () => held.drop(),
  };
}

/**
 * The client of a credentials file, by its type. A credential source that runs a program is refused: who may write the file would
 * run programs as the collector.
 */
async function fromFile(
  file: string,
  scopes: string[],
  shared: { transporterOptions: { timeout: number } },
): Promise<AuthClient> {
  const json = parsed(await readFile(file, 'utf8'));
  const about = asRecord(json);
  const text = (key: string): string => asString(about?.[key]) ?? refuse(`has no ${key}`);
  switch (about?.type) {
    case 'service_account':
      return new JWT({ ...shared, email: text('client_email'), key: text('private_key'), scopes });
    case 'authorized_user': {
      const ids = { clientId: text('client_id'), clientSecret: text('client_secret') };
      return new UserRefreshClient({ ...shared, ...ids, refreshToken: text('refresh_token') });
    }
    case 'external_account': {
      const source = asRecord(about.credential_source) ?? refuse('has no credential_source');
      if ('executable' in source) return refuse('names a program to run, which is not allowed');
      return 'environment_id' in source
        ? new AwsClient({ ...(json as AwsClientOptions), ...shared, scopes })
        : new IdentityPoolClient({ ...(json as IdentityPoolClientOptions), ...shared, scopes });
    }
    default:
      return refuse('is of no kind that is understood: service_account, authorized_user or external_account');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('is no JSON');
  }
}

function refuse(what: string): never {
  throw new ProviderError('config', 'credentialsFile', what);
}
