import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import type { LogEvent } from '#lib/log/index.ts';
import { type Decision, type Opinion, opinionSchema, type Pair, pairSchema } from '#lib/model/index.ts';
import { readLine } from '#lib/runtime/bounded-body.ts';
import type { Logger } from '#lib/runtime/logger.ts';
import { MAX_LINE, wishSocket } from './wish-client.ts';

/** How many scopes will be listed anew, and for how many that is already under way or was asked a moment ago. */
export interface RefreshCount {
  accepted: number;
  coalesced: number;
}

/** What the collector does for whoever reaches its socket. What is rejected is refused, and told to the log only. */
export interface Wishes {
  refresh(scope: string): RefreshCount;
  decide(opinion: Opinion): Promise<Decision>;
  /** Whether there was anything to take back. */
  undecide(pair: Pair): Promise<boolean>;
}

const IDLE_MS = 2_000;
const EXPECTED = 'expected {"refresh":"<scope id or *>"}, {"decide":{a,b,verdict,reason}} or {"undecide":{a,b}}';

const wishSchema = z.union([
  z.strictObject({ refresh: z.string().min(1) }),
  z.strictObject({ decide: opinionSchema }),
  z.strictObject({ undecide: pairSchema }),
]);

/**
 * Listens for wishes on a socket that only this user can reach. The caller holds the store's lock, so a socket that is already
 * there belongs to nobody. A failure to listen is logged: the collector collects without it.
 */
export function listenForWishes(dataFolder: string, wishes: Wishes, log: Logger<LogEvent>): { close(): Promise<void> } {
  const socket = wishSocket(dataFolder);
  const connections = new Set<Socket>();
  const server: Server = createServer((connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    void serve(connection, wishes, log);
  });
  server.maxConnections = 16;
  server.on('error', (error) => log.warn('wish.cannot-listen', { error }));
  rmSync(socket, { force: true });
  server.listen(socket, () => {
    chmodSync(socket, 0o600);
    log.debug('wish.listening');
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

async function serve(connection: Socket, wishes: Wishes, log: Logger<LogEvent>): Promise<void> {
  connection.setEncoding('utf8');
  connection.setTimeout(IDLE_MS, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  const line = await readLine(connection, MAX_LINE);
  if (line === null) {
    connection.destroy();
    return;
  }
  connection.setTimeout(0);
  const answer = await grant(line, wishes, log).catch((error: unknown) => {
    log.warn('wish.failed', { error });
    return { refused: 'The collector could not do it; its log says why.' };
  });
  connection.end(`${JSON.stringify(answer)}\n`);
}

async function grant(line: string, wishes: Wishes, log: Logger<LogEvent>): Promise<object> {
  const read = wishSchema.safeParse(readJson(line));
  if (!read.success) return { refused: EXPECTED };
  const wish = read.data;
  if ('refresh' in wish) {
    const count = wishes.refresh(wish.refresh);
    log.info('refresh.requested', { scope: wish.refresh, ...count });
    return count;
  }
  if ('decide' in wish) {
    const decided = await wishes.decide(wish.decide);
    log.info('decision.made', { a: decided.a, b: decided.b, verdict: decided.verdict });
    return { decided };
  }
  const undecided = await wishes.undecide(wish.undecide);
  if (undecided) log.info('decision.taken-back', wish.undecide);
  return { undecided };
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
