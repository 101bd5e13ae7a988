import { Agent } from 'undici';
import { abortable } from '#lib/runtime/abort.ts';
import { guardedLookup, type Resolve } from '../client/address.ts';
import type { Credentials } from '../client/client-credentials.ts';

/** Lists, single reads and two watches at a time. */
const CONNECTIONS = 6;

export interface Pool {
  /** The connections for these TLS settings: one pool per cluster, made anew only when its certificates rotate. */
  dispatcher(tls: Credentials['tls']): Agent;
  /**
   * One connection of its own, gone when the work is over, however that ends: one that is still being made when its request is
   * given up would be made for seconds more.
   */
  once<T>(tls: Credentials['tls'], work: (dispatcher: Agent) => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}

/** @param insecure certificates are not verified */
export function createPool(insecure: boolean, resolve?: Resolve): Pool {
  let agent: Agent | null = null;
  let made: Credentials['tls'] = {};
  const connecting = (tls: Credentials['tls']) => ({
    ...tls,
    ...(tls.servername ? {} : { servername: undefined }),
    // Said aloud: left out, an environment variable decides.
    rejectUnauthorized: !insecure,
    minVersion: 'TLSv1.2' as const,
    lookup: guardedLookup(resolve),
    // A cluster behind a firewall that answers nothing must not hold up a discovery for long.
    timeout: 5_000,
    keepAlive: true,
    // Linux asks a quiet peer ten times, a second apart: a cable that was cut shows within twenty seconds.
    keepAliveInitialDelay: 10_000,
  });
  return {
    dispatcher(tls) {
      if (agent && sameTls(made, tls)) return agent;
      // Requests in flight end on the old connections.
      agent?.close().catch(() => undefined);
      made = tls;
      agent = new Agent({ connections: CONNECTIONS, allowH2: false, connect: connecting(tls) });
      return agent;
    },
    async once(tls, work, signal) {
      const over = new AbortController();
      const single = new Agent({
        connections: 1,
        allowH2: false,
        connect: { ...connecting(tls), signal: over.signal },
      });
      try {
        // A request whose connection is still being made does not hear that it is given up.
        return await abortable(work(single), signal);
      } finally {
        over.abort();
        single.destroy().catch(() => undefined);
      }
    },
    async close() {
      const last = agent;
      agent = null;
      await last?.destroy();
    },
  };
}

const sameTls = (a: Credentials['tls'], b: Credentials['tls']): boolean =>
  a.servername === b.servername &&
  [a.ca, a.cert, a.key].every((value, i) => sameBytes(value, [b.ca, b.cert, b.key][i]));

function sameBytes(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b);
}
