import http from 'node:http';
import https from 'node:https';
import { inspect } from 'node:util';

// Node documents what an agent does with a request, not the method; agents of others override it as well.
declare module 'node:http' {
  interface Agent {
    addRequest(request: http.ClientRequest, options: object): void;
  }
}

/** The event stream and a bounded number of requests beside it. */
const OPTIONS = { keepAlive: true, maxSockets: 16, scheduling: 'lifo' } as const;

export const plainAgent = (): http.Agent => guarded(new http.Agent(OPTIONS));

export interface Certificates {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

/** Verified always: the environment must not be able to switch it off. */
export const tlsAgent = (certificates: Certificates): http.Agent =>
  guarded(new https.Agent({ ...OPTIONS, ...certificates, rejectUnauthorized: true, minVersion: 'TLSv1.2' }));

/**
 * docker-modem follows redirects to any host, and a scheme that it does not know ends the process (docker-modem 5.0.7, lib/http.js).
 * Without its `location` a redirect is an answer like any other, which the client refuses. docker-modem also writes each request with
 * its agent out for a debug log, log or no log: what it finds here is short.
 */
export function guarded<A extends http.Agent>(agent: A): A {
  const add = agent.addRequest.bind(agent);
  agent.addRequest = (request, options) => {
    request.prependOnceListener('response', (response) => {
      delete response.headers.location;
    });
    add(request, options);
  };
  return Object.assign(agent, { [inspect.custom]: () => 'Agent' });
}
