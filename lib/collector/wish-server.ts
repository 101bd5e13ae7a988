import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '#lib/log/index.ts';
import { MAX_LINE, refreshSocket } from './refresh-client.ts';

/** How many scopes will be listed anew, and for how many that is already under way or was asked a moment ago. */
export interface RefreshCount {
  accepted: number;
  coalesced: number;
}

const IDLE_MS = 2_000;

/**
 * Listens for wishes for fresh data on a socket that only this user can reach. The caller holds the store's lock, so a socket
 * that is already there belongs to nobody. A failure to listen is logged: the collector collects without it.
 */
export function listenForRefresh(
  dataFolder: string,
  refresh: (scope: string) => RefreshCount,
  log: Logger,
): { close(): Promise<void> } {
  const socket = refreshSocket(dataFolder);
  const connections = new Set<Socket>();
  const server: Server = createServer((connection) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serve(connection, refresh, log);
  });
  server.maxConnections = 16;
  server.on('error', (error) => log.warn('refresh.failed', { error }));
  rmSync(socket, { force: true });
  server.listen(socket, () => {
    chmodSync(socket, 0o600);
    log.debug('refresh.listening');
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) connection.destroy();
      }),
  };
}

function serve(connection: Socket, refresh: (scope: string) => RefreshCount, log: Logger): void {
  let text = '';
  const answer = (value: object) => connection.end(`${JSON.stringify(value)}\n`);
  connection.setEncoding('utf8');
  connection.setTimeout(IDLE_MS, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  connection.on('data', (more: string) => {
    text += more;
    if (text.length > MAX_LINE) return connection.destroy();
    if (!text.includes('\n')) return;
    connection.pause();
    const scope = readWish(text);
    if (scope === null) return answer({ error: 'expected {"refresh":"<scope id or *>"}' });
    const count = refresh(scope);
    log.info('refresh.requested', { scope, ...count });
    answer(count);
  });
}

function readWish(line: string): string | null {
  try {
    const { refresh } = JSON.parse(line) as { refresh?: unknown };
    return typeof refresh === 'string' && refresh !== '' ? refresh : null;
  } catch {
    return null;
  }
}
