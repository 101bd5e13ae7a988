import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What became of a wish for fresh data. `coalesced`: already under way, or asked for a moment ago; `unknown`: no such scope is listed. */
export type RefreshAnswer = 'accepted' | 'coalesced' | 'unknown' | 'unreachable';

/** The one wire between the processes: a line `{"refresh":"<scope id or *>"}`, answered by `{"accepted":n,"coalesced":n}`. */
// A scope id of 1,024 characters, each of them escaped, fits.
export const MAX_LINE = 8192;

const ANSWER_MS = 3_000;
// sun_path holds 104 bytes on some systems, its end included.
const MAX_SOCKET_PATH = 100;

/**
 * Where the collector of a data folder listens: in that folder, or for a folder whose path is too long for a socket, under a name
 * of its own in the folder for temporary files.
 */
export function refreshSocket(dataFolder: string): string {
  const folder = path.resolve(dataFolder);
  const socket = path.join(folder, 'collector.sock');
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return socket;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `muster-${name}.sock`);
}

/** Returns the function that asks the collector of this data folder to list a scope, or all of them (`*`), now. Never throws. */
export function refreshClient(dataFolder: string): (scope: string) => Promise<RefreshAnswer> {
  const socket = refreshSocket(dataFolder);
  return (scope) => ask(socket, scope);
}

function ask(socket: string, scope: string): Promise<RefreshAnswer> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    let answer = '';
    const end = (result: RefreshAnswer) => {
      connection.destroy();
      resolve(result);
    };
    connection.setEncoding('utf8');
    connection.setTimeout(ANSWER_MS, () => end('unreachable'));
    connection.on('error', () => end('unreachable'));
    connection.on('close', () => end('unreachable'));
    connection.on('connect', () => connection.write(`${JSON.stringify({ refresh: scope })}\n`));
    connection.on('data', (text: string) => {
      answer += text;
      if (answer.includes('\n')) end(readAnswer(answer, scope));
      else if (answer.length > MAX_LINE) end('unreachable');
    });
  });
}

function readAnswer(line: string, scope: string): RefreshAnswer {
  try {
    const { accepted, coalesced } = JSON.parse(line) as { accepted?: unknown; coalesced?: unknown };
    if (typeof accepted !== 'number') return 'unreachable';
    if (accepted > 0) return 'accepted';
    return coalesced === 0 && scope !== '*' ? 'unknown' : 'coalesced';
  } catch {
    return 'unreachable';
  }
}
