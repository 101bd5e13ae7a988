import http from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from './environment.ts';

export interface Address {
  host: string;
  port: number;
}

/** A problem that the person who typed the command can solve; `exitCode` follows sysexits.h. */
export class StartError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

const EXIT_CONFIG = 78;
const EXIT_TEMPORARY = 75;

/** HOST and PORT, with their defaults. Port 0 means: any free one. */
export function readAddress(environment: Environment): Address {
  const port = environment.PORT || '3000';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new StartError('PORT: expected a number from 0 to 65535', EXIT_CONFIG);
  }
  return { host: environment.HOST || '127.0.0.1', port: Number(port) };
}

const EXPLAINED: Record<string, (address: Address) => StartError> = {
  EADDRINUSE: ({ host, port }) =>
    new StartError(
      `Port ${port} on ${host} is taken. Stop the program that uses it, or choose another: PORT=${port + 1} npm start`,
      EXIT_TEMPORARY,
    ),
  EACCES: ({ port }) => new StartError(`PORT: this user may not listen on port ${port}`, EXIT_CONFIG),
  EADDRNOTAVAIL: ({ host }) => new StartError(`HOST: this machine has no address ${host}`, EXIT_CONFIG),
  ENOTFOUND: ({ host }) => new StartError(`HOST: no such name: ${host}`, EXIT_CONFIG),
};

/** Listens for a moment: the address that is free now, or a StartError before minutes of building. */
export function claimAddress(wanted: Address): Promise<Address> {
  const { promise, resolve, reject } = Promise.withResolvers<Address>();
  const server = net.createServer();
  server.once('error', (error: NodeJS.ErrnoException) => reject(EXPLAINED[error.code ?? '']?.(wanted) ?? error));
  server.listen(wanted.port, wanted.host, () => {
    const bound = server.address();
    const port = typeof bound === 'object' && bound ? bound.port : wanted.port;
    server.close(() => resolve({ host: wanted.host, port }));
  });
  return promise;
}

/** The URL a browser on this machine opens. */
export function urlOf({ host, port }: Address): string {
  const reachable = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
  return `http://${net.isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
}

function answers(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  // An agent of its own: a proxy from the environment must not be asked about this machine's own port.
  const request = http.get(url, { agent: new http.Agent(), timeout: 2000 }, (response) => {
    response.resume();
    resolve(response.statusCode === 200);
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve(false));
  return promise;
}

/** Resolves once `url` answers 200; rejects when `signal` aborts. */
export async function untilAnswers(url: string, signal: AbortSignal): Promise<void> {
  while (!(await answers(url))) await delay(100, undefined, { signal });
}
