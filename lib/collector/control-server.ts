import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { z } from 'zod';
import type { LogEvent } from '#lib/log/index.ts';
import { type Decision, type Opinion, opinionSchema, type Pair, pairSchema } from '#lib/model/index.ts';
import { readLine } from '#lib/runtime/bounded-body.ts';
import type { Logger } from '#lib/runtime/logger.ts';
import { controlSocket, MAX_LINE } from './control-client.ts';

/** How many scopes will be listed anew, and for how many that is already under way or was asked a moment ago. */
export interface RefreshCount {
  accepted: number;
  coalesced: number;
}

/** What the collector does for whoever reaches its socket. What is rejected is refused, and told to the log only. */
export interface Commands {
  refresh(scope: string): RefreshCount;
  decide(opinion: Opinion): Promise<Decision>;
  /** Whether there was anything to take back. */
  undecide(pair: Pair): Promise<boolean>;
}

const IDLE_MS = 2_000;
const EXPECTED = 'expected {"refresh":"<scope id or *>"}, {"decide":{a,b,verdict,reason}} or {"undecide":{a,b}}';

const commandSchema = z.union([
  z.strictObject({ refresh: z.string().min(1) }),
  z.strictObject({ decide: opinionSchema }),
  z.strictObject({ undecide: pairSchema }),
]);

/**
 * Listens for commands on a socket that only this user can reach. The caller holds the store's lock, so a socket that is already
 * there belongs to nobody. A failure to listen is logged: the collector collects without it.
 */
export function listenForCommands(
  dataFolder: string,
  commands: Commands,
  log: Logger<LogEvent>,
): { close(): Promise<void> } {
  const socket = controlSocket(dataFolder);
  const connections = new Set<Socket>();
  const server: Server = createServer((connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    void serve(connection, commands, log);
  });
  server.maxConnections = 16;
  server.on('error', (error) => log.warn('control.cannot-listen', { error }));
  rmSync(socket, { force: true });
  server.listen(socket, () => {
    chmodSync(socket, 0o600);
    log.debug('control.listening');
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

async function serve(connection: Socket, commands: Commands, log: Logger<LogEvent>): Promise<void> {
  connection.setEncoding('utf8');
  connection.setTimeout(IDLE_MS, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  const line = await readLine(connection, MAX_LINE);
  if (line === null) {
    connection.destroy();
    return;
  }
  connection.setTimeout(0);
  const answer = await run(line, commands, log).catch((error: unknown) => {
    log.warn('command.failed', { error });
    return { refused: 'The collector could not do it; its log says why.' };
  });
  connection.end(`${JSON.stringify(answer)}\n`);
}

async function run(line: string, commands: Commands, log: Logger<LogEvent>): Promise<object> {
  const read = commandSchema.safeParse(readJson(line));
  if (!read.success) return { refused: EXPECTED };
  const command = read.data;
  if ('refresh' in command) {
    const count = commands.refresh(command.refresh);
    log.info('refresh.requested', { scope: command.refresh, ...count });
    return count;
  }
  if ('decide' in command) {
    const decided = await commands.decide(command.decide);
    log.info('decision.made', { a: decided.a, b: decided.b, verdict: decided.verdict });
    return { decided };
  }
  const undecided = await commands.undecide(command.undecide);
  if (undecided) log.info('decision.taken-back', command.undecide);
  return { undecided };
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
