import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Agent, buildConnector } from 'undici';
import { ProviderError } from '#providers/contract.ts';
import type { Address } from './address.ts';

export interface TlsFiles {
  cert: string;
  key: string;
  fingerprint?: string | undefined;
  ca?: string | undefined;
}

/** Nothing is said on a quiet day: a peer that is gone is found by the kernel, within half a minute. */
const KEEP_ALIVE_MS = 15_000;
/** The stream of events and a bounded number of requests beside it. */
const CONNECTIONS = 8;

/** Connections to one server. Its certificate is verified before a byte of a request is sent. */
export async function dispatcherOf(
  address: Address,
  tls: TlsFiles | undefined,
  place: string,
  timeoutMs: number,
): Promise<Agent> {
  // These servers speak HTTP/2 as well, over which no WebSocket comes about.
  const agent = { connections: CONNECTIONS, allowH2: false };
  const common = { allowH2: false, timeout: timeoutMs, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
  if (address.type === 'unix') return new Agent({ ...agent, connect: { ...common, socketPath: address.path } });
  if (address.type === 'http' || !tls) return new Agent({ ...agent, connect: common });
  const [cert, key, ca] = await Promise.all([tls.cert, tls.key, tls.ca].map((file) => file && readFile(file)));
  const pinned = tls.fingerprint;
  const connect = buildConnector({
    ...common,
    ...(ca ? { ca } : {}),
    ...(cert && key ? { cert, key } : {}),
    minVersion: 'TLSv1.2',
    // Certificates of these servers are signed by themselves: one that is named is verified by what it is, below. The environment must
    // not be able to switch off the verification of the others.
    rejectUnauthorized: pinned === undefined,
    // A session that is taken up again shows no certificate.
    maxCachedSessions: 0,
  });
  return new Agent({
    ...agent,
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        const wrong = error ?? (pinned === undefined ? null : mismatch(socket, pinned, place));
        if (!wrong && socket) return callback(null, socket);
        if (socket instanceof Socket) socket.destroy();
        callback(wrong ?? new ProviderError('network', place, 'gave no connection'), null);
      }),
  });
}

function mismatch(socket: unknown, pinned: string, place: string): ProviderError | null {
  const shown = socket instanceof TLSSocket ? socket.getPeerCertificate().raw : undefined;
  const found = shown && createHash('sha256').update(shown).digest('hex');
  if (found === pinned) return null;
  return new ProviderError(
    'config',
    place,
    `shows another certificate (${found ? `SHA-256 ${found.slice(0, 12)}…` : 'none'}) than tls.fingerprint names (${pinned.slice(0, 12)}…): nothing is asked of it; name the new one if it was renewed`,
  );
}
