import { GoogleAuth } from 'google-auth-library';
import type { Call } from '../contract.ts';
import { abortable } from '../kit/abortable.ts';
import { heldCredential } from '../kit/held-credential.ts';
import type { GcpConfig } from './config.ts';
import { tokenError } from './errors.ts';

export interface Credentials {
  /** The headers that authorise a request to `url`. */
  headers(url: string, project: string, call: Call): Promise<Record<string, string>>;
  /** The next request reads the credential anew. */
  renew(): void;
}

// Reading Compute Engine needs no more.
const SCOPES = ['https://www.googleapis.com/auth/compute.readonly'];

/** Credentials of a source: its static token, its file (read again once it changed on disk), or Google's default chain. */
export function credentialsOf(config: GcpConfig): Credentials {
  const { token, credentialsFile } = config;
  if (token !== undefined)
    return { headers: async () => ({ authorization: `Bearer ${token}` }), renew: () => undefined };
  const auth = heldCredential(credentialsFile ? [credentialsFile] : [], () =>
    new GoogleAuth({
      scopes: SCOPES,
      clientOptions: { transporterOptions: { timeout: config.timeout * 1000 } },
      ...(credentialsFile ? { keyFilename: credentialsFile } : {}),
    }).getClient(),
  );
  return {
    async headers(url, project, { signal }) {
      try {
        const client = await abortable(auth.get(), signal);
        return Object.fromEntries(await abortable(client.getRequestHeaders(url), signal));
      } catch (error) {
        signal.throwIfAborted();
        throw tokenError(error, project);
      }
    },
    renew: () => auth.drop(),
  };
}
