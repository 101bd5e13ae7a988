import { readFile } from 'node:fs/promises';
import type { TokenCredential } from '@azure/identity';
import { cachedCredential } from '#providers/kit/cached-credential.ts';
import type { AzureAccessOptions } from './options.ts';

export interface Credentials {
  credential: TokenCredential;
  /** The next token comes from a credential that is made anew: no cached token, its files read again. */
  renew(): void;
}

/** The one way to sign in that the source names: its static token, secret file, certificate, or a credential by its type. */
export function credentialsOf(config: AzureAccessOptions): Credentials {
  const { token } = config;
  if (token !== undefined) {
    const forever = { token, expiresOnTimestamp: Number.MAX_SAFE_INTEGER };
    return { credential: { getToken: async () => forever }, renew: () => undefined };
  }
  const files = [config.clientSecretFile, config.certificateFile].filter((file) => file !== undefined);
  const held = cachedCredential(files, () => make(config));
  return {
    credential: { getToken: async (scopes, options) => (await held.get()).getToken(scopes, options) },
    renew: () => held.drop(),
  };
}

async function make(config: AzureAccessOptions): Promise<TokenCredential> {
  const sdk = await import('@azure/identity');
  const { tenant, clientId, clientSecretFile, certificateFile } = config;
  // A sign-in service of one's own is unknown to Microsoft's directory of them, which would be asked first otherwise.
  const own = config.authority ? { authorityHost: config.authority, disableInstanceDiscovery: true } : {};
  // The adapter tries again itself, on the clock it was handed.
  const at = { ...own, retryOptions: { maxRetries: 0 } };
  const asTenant = tenant ? { tenantId: tenant } : {};
  if (tenant && clientId && clientSecretFile)
    return new sdk.ClientSecretCredential(tenant, clientId, (await readFile(clientSecretFile, 'utf8')).trim(), at);
  if (tenant && clientId && certificateFile)
    return new sdk.ClientCertificateCredential(tenant, clientId, certificateFile, at);
  switch (config.credential) {
    case 'managed-identity':
      return clientId ? new sdk.ManagedIdentityCredential({ clientId }) : new sdk.ManagedIdentityCredential();
    case 'workload-identity':
      return new sdk.WorkloadIdentityCredential({ ...at, ...asTenant, ...(clientId ? { clientId } : {}) });
    case 'azure-cli':
      return new sdk.AzureCliCredential(asTenant);
    default:
      return new sdk.DefaultAzureCredential({
        ...at,
        ...asTenant,
        ...(clientId ? { managedIdentityClientId: clientId, workloadIdentityClientId: clientId } : {}),
      });
  }
}
