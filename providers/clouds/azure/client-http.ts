import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import type { Dispatcher } from 'undici';
import { type Call, type Clock, ProviderError } from '#providers/contract.ts';
import { sameOrigin } from '#providers/kit/wire/endpoint.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { errorReply, exchangeText, isOk, type JsonLimits } from '#providers/kit/wire/http.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { armError } from './errors.ts';

export interface TransportOptions {
  endpoint: string;
  dispatcher: Dispatcher;
  clock: Clock;
  place: string;
  call: Call;
  limits: JsonLimits;
}

/** The SDK signs requests to https only; a loopback endpoint (config allows http for no other) is shown to it as https. */
export const asHttps = (url: string): string => url.replace(/^http:/, 'https:');

/**
 * The transport below the SDK's pipeline: bounded, aborted with its call, without redirects, and to the endpoint only, so that no
 * `nextLink` takes a credential elsewhere. Replies other than 2xx end here as errors of ours; only a 401 goes up, for the SDK to
 * answer a claims challenge.
 */
export function transport({ endpoint, dispatcher, clock, place, call, limits }: TransportOptions): HttpClient {
  return {
    async sendRequest(request) {
      if (!sameOrigin(request.url, asHttps(endpoint)))
        throw new ProviderError(
          'bad-reply',
          place,
          `expected a next page at the endpoint, got one at ${excerpt(URL.parse(request.url)?.host ?? 'no address')}`,
        );
      const url = new URL(request.url);
      url.protocol = new URL(endpoint).protocol;
      const headers = request.headers.toJSON({ preserveCase: false });
      const method = request.method === 'POST' ? 'POST' : 'GET';
      const reply = await exchangeText({ url, place, method, signal: call.signal, dispatcher, headers, limits });
      if (!isOk(reply.status) && reply.status !== 401) throw armError(errorReply(reply), place, clock.now());
      if (isOk(reply.status) && !reply.text.trimStart().startsWith('{'))
        throw unexpected(place, 'a JSON object', reply.text);
      const answered = createHttpHeaders({ 'content-type': 'application/json' });
      const challenge = reply.headers['www-authenticate'];
      if (challenge) answered.set('www-authenticate', challenge);
      return { request, status: reply.status, headers: answered, bodyAsText: reply.text };
    },
  };
}
