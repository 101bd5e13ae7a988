import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Call, Environment } from '#providers/contract.ts';
import { isLoopback } from '#providers/kit/wire/endpoint.ts';
import { exchangeJson } from '#providers/kit/wire/http.ts';
import { credentialsOf } from './credentials.ts';
import { gcpError } from './errors.ts';
import type { GcpAccessOptions } from './options.ts';

export interface GcpAccess {
  /**
   * One GET of a Google API: `service` such as `compute`, `path` from the slash on.
   * @param place names the project in errors
   */
  get(
    service: string,
    path: string,
    query: Record<string, string | undefined>,
    place: string,
    call: Call,
  ): Promise<unknown>;
  /** The bearer token in use, for a GKE cluster. */
  token(place: string, call: Call): Promise<string>;
  /** Drops the credential in use; the next call reads it anew. */
  renew(): void;
  close(): Promise<void>;
}

/** Google APIs over REST with the credentials of google-auth-library. @param scopes OAuth scopes that the calls need */
export function openAccess(options: GcpAccessOptions, scopes: readonly string[], env: Environment): GcpAccess {
  const own = options.endpoint?.replace(/\/+$/, '');
  const credentials = credentialsOf(options, scopes);
  const ms = options.timeout * 1000;
  const limits = { connect: { timeout: Math.min(ms, 10_000) }, connections: 8 };
  const local = own !== undefined && isLoopback(new URL(own));
  const dispatcher: Dispatcher = local ? new Agent(limits) : new EnvHttpProxyAgent(limits);
  return {
    async get(service, path, query, place, call) {
      const url = new URL(`${own ?? `https://${service}.googleapis.com`}${path}`);
      for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
      const reply = await exchangeJson({
        url,
        headers: await credentials.headers(url.href, place, call),
        place,
        signal: call.signal,
        dispatcher,
        limits: { idleMs: ms, totalMs: 3 * ms },
      });
      if (reply.status < 200 || reply.status >= 300) throw gcpError(reply, place, env.clock.now());
      return reply.body;
    },
    async token(place, call) {
      const { authorization = '' } = await credentials.headers('https://container.googleapis.com/', place, call);
      return authorization.replace(/^Bearer /, '');
    },
    renew: () => credentials.renew(),
    close: () => dispatcher.close(),
  };
}
