import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Decision, decisionSchema, type Opinion, type Pair } from '#lib/model/index.ts';
import { readLine } from '#lib/runtime/bounded-body.ts';

/** What became of a refresh. `coalesced`: already under way, or asked for a moment ago; `unknown`: no such scope is listed. */
export type RefreshAnswer = 'accepted' | 'coalesced' | 'unknown' | 'unreachable';

type Refusal = { answer: 'refused'; reason: string } | { answer: 'unreachable' };
/** `accepted`: it is stored, and the next revision tells of it. `refused`: the collector says why it is not. */
export type DecideAnswer = { answer: 'accepted'; decision: Decision } | Refusal;
/** `unknown`: nothing was said of this pair. */
export type UndecideAnswer = { answer: 'accepted' | 'unknown' } | Refusal;

/**
 * The one wire between the processes: a line of JSON each way. `{"refresh":"<scope id or *>"}` is answered by
 * `{"accepted":n,"coalesced":n}`, `{"decide":{a,b,verdict,reason}}` by `{"decided":{...}}`, `{"undecide":{a,b}}` by
 * `{"undecided":<whether there was anything>}`, and what cannot be done by `{"refused":"<why>"}`.
 */
export type Command = { refresh: string } | { decide: Opinion } | { undecide: Pair };

/** Two uids of 8,192 characters and a reason, each character of them escaped, fit. */
export const MAX_LINE = 128 * 1024;

const ANSWER_MS = 3_000;
/** A decision is written after the commit that is under way. */
const WRITTEN_MS = 20_000;
// sun_path holds 104 bytes on some systems, its end included.
const MAX_SOCKET_PATH = 100;

/**
 * Where the collector of a data folder listens: in that folder, or for a folder whose path is too long for a socket, under a name
 * of its own in the folder for temporary files.
 */
export function controlSocket(dataFolder: string): string {
  const folder = path.resolve(dataFolder);
  const socket = path.join(folder, 'collector.sock');
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH) return socket;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return path.join(tmpdir(), `muster-${name}.sock`);
}

/** What the web may ask of the collector. Nothing here ever throws. */
export interface ControlClient {
  /** Lists a scope, or all of them (`*`), now. */
  refresh(scope: string): Promise<RefreshAnswer>;
  decide(opinion: Opinion): Promise<DecideAnswer>;
  undecide(pair: Pair): Promise<UndecideAnswer>;
}

/** The way to the collector of this data folder. */
export function controlClient(dataFolder: string): ControlClient {
  const socket = controlSocket(dataFolder);
  return {
    async refresh(scope) {
      const reply = await ask(socket, { refresh: scope }, ANSWER_MS);
      if (typeof reply?.accepted !== 'number') return 'unreachable';
      if (reply.accepted > 0) return 'accepted';
      return reply.coalesced === 0 && scope !== '*' ? 'unknown' : 'coalesced';
    },
    async decide(opinion) {
      const reply = await ask(socket, { decide: opinion }, WRITTEN_MS);
      const decision = decisionSchema.safeParse(reply?.decided);
      return decision.success ? { answer: 'accepted', decision: decision.data } : refusal(reply);
    },
    async undecide(pair) {
      const reply = await ask(socket, { undecide: pair }, WRITTEN_MS);
      if (typeof reply?.undecided !== 'boolean') return refusal(reply);
      return { answer: reply.undecided ? 'accepted' : 'unknown' };
    },
  };
}

type Reply = Partial<Record<'accepted' | 'coalesced' | 'decided' | 'undecided' | 'refused', unknown>>;

const refusal = (reply: Reply | null): Refusal =>
  typeof reply?.refused === 'string' ? { answer: 'refused', reason: reply.refused } : { answer: 'unreachable' };

/** Null if the collector does not answer, or not in a line of JSON. */
async function ask(socket: string, command: Command, patience: number): Promise<Reply | null> {
  const connection = connect(socket);
  connection.setEncoding('utf8');
  connection.setTimeout(patience, () => connection.destroy());
  connection.on('error', () => connection.destroy());
  connection.write(`${JSON.stringify(command)}\n`);
  const line = await readLine(connection, MAX_LINE);
  connection.destroy();
  return line === null ? null : readAnswer(line);
}

function readAnswer(line: string): Reply | null {
  try {
    const reply: unknown = JSON.parse(line);
    return typeof reply === 'object' ? reply : null;
  } catch {
    return null;
  }
}
