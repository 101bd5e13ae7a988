import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { isLoopback } from '#providers/kit/wire/endpoint.ts';
import { parseJson } from '#providers/kit/wire/http.ts';
import { asHttps, transport } from './client-http.ts';
import { credentialsOf } from './credentials.ts';
import { sdkError } from './errors.ts';
import type { AzureAccessOptions } from './options.ts';
import { type ArmPage, nextLink, readPage } from './page.ts';

export interface AzureAccess {
  /** Address of Azure Resource Manager, without a slash at the end. */
  readonly endpoint: string;
  readonly scope: string;
  readonly credential: TokenCredential;
  /** Runs a call of an SDK or of our own, stopped by its signal; errors of the closed set. */
  guarded<T>(place: string, call: Call, work: () => Promise<T>): Promise<T>;
  /** One page by an SDK on this transport: an SDK hands a signal to first pages only, so that the transport is bound to the call. */
  guardedPage(
    place: string,
    call: Call,
    work: (http: HttpClient) => Promise<ArmPage>,
    idleMs?: number,
  ): Promise<ArmPage>;
  /** @param address from the slash on, or a whole link of ARM */
  get(place: string, address: string, call: Call): Promise<unknown>;
  /** A read that ARM spells as POST: an action without a body. */
  action(place: string, address: string, call: Call): Promise<unknown>;
  /** One page of a list. @throws ProviderError `bad-reply` for an answer without a list */
  page(place: string, address: string, call: Call): Promise<ArmPage>;
  /** A token for another service than ARM. */
  token(place: string, scope: string, call: Call): Promise<{ token: string; expiresAt: number }>;
  /** Drops the credential in use; the next call signs in anew. */
  renew(): void;
  close(): Promise<void>;
}

export type { ArmPage };

const PUBLIC_CLOUD = 'https://management.azure.com';

/** Azure Resource Manager through the SDK's own pipeline: its sign-in, its claims challenges, our transport. */
export function openAccess(options: AzureAccessOptions, env: Environment): AzureAccess {
  const endpoint = options.endpoint?.replace(/\/+$/, '') ?? PUBLIC_CLOUD;
  const scope = `${options.endpoint ? asHttps(endpoint) : PUBLIC_CLOUD}/.default`;
  const { credential, renew } = credentialsOf(options);
  const ms = options.timeout * 1000;
  const limits = { connect: { timeout: Math.min(ms, 10_000) }, connections: 8 };
  const dispatcher: Dispatcher = isLoopback(new URL(endpoint)) ? new Agent(limits) : new EnvHttpProxyAgent(limits);
  const pipeline = createEmptyPipeline();
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: [scope] }));

  const http = (place: string, call: Call, idleMs = ms) =>
    transport({ endpoint, dispatcher, clock: env.clock, place, call, limits: { idleMs, totalMs: 3 * idleMs } });

  async function guarded<T>(place: string, call: Call, work: () => Promise<T>, answer?: () => string): Promise<T> {
    try {
      return await abortable(work(), call.signal);
    } catch (error) {
      call.signal.throwIfAborted();
      throw sdkError(error, place, answer?.());
    }
  }

  const send = (method: 'GET' | 'POST', place: string, address: string, call: Call): Promise<unknown> =>
    guarded(place, call, async () => {
      const url = asHttps(address.startsWith('/') ? `${endpoint}${address}` : address);
      const reply = await pipeline.sendRequest(http(place, call), createPipelineRequest({ url, method }));
      if (reply.status === 401) throw new ProviderError('auth', place, 'refused the token (401)');
      return parseJson(reply.bodyAsText ?? '', place);
    });

  return {
    endpoint,
    scope,
    credential,
    guarded,
    get: (place, address, call) => send('GET', place, address, call),
    action: (place, address, call) => send('POST', place, address, call),
    async page(place, address, call) {
      return readPage(await send('GET', place, address, call), place);
    },
    guardedPage(place, call, work, idleMs) {
      let answer = '';
      const through = http(place, call, idleMs);
      const remembering: HttpClient = {
        async sendRequest(request) {
          const reply = await through.sendRequest(request);
          answer = reply.bodyAsText ?? '';
          return reply;
        },
      };
      return guarded(
        place,
        call,
        async () => {
          const { rows, next } = await work(remembering);
          return { rows, next: nextLink(next, place) };
        },
        () => answer,
      );
    },
    token: (place, wanted, call) =>
      guarded(place, call, async () => {
        const got = await credential.getToken(wanted, { abortSignal: call.signal });
        if (!got) throw new ProviderError('auth', place, 'sign-in to Azure gave no token');
        return { token: got.token, expiresAt: got.expiresOnTimestamp };
      }),
    renew,
    close: () => dispatcher.close(),
  };
}
