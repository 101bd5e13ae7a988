import { singleFlight } from '#lib/runtime/single-flight.ts';
import type { Call } from '#providers/contract.ts';
import { retry } from '#providers/kit/retry.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { LIST } from '../client/client.ts';
import type { Ways } from '../cluster/ways.ts';

/** How long an answer serves the scopes that are listed one behind the other. */
const HELD_MS = 10_000;

/** The list of a cluster is one, its members are scopes of their own: those that follow its events share what it answered. */
export interface Shared {
  /** Asks now. */
  read(project: string | null, call: Call): Promise<readonly unknown[]>;
  /** A list that was begun behind this moment of {@link tick}, of now or of a while ago. */
  after(moment: number, project: string | null, call: Call): Promise<readonly unknown[]>;
  /** Moments are counted, not measured. */
  tick(): number;
  /** Keeps nothing any more. */
  close(): void;
}

interface Entry {
  began: number;
  rows: readonly unknown[] | null;
  run: (call: Call) => Promise<readonly unknown[]>;
  /** Of the alarm that drops it. */
  disarm: () => void;
}

export function createShared(ways: Ways): Shared {
  const { env } = ways;
  const entries = new Map<string | null, Entry>();
  let moment = 0;

  async function read(project: string | null, call: Call): Promise<readonly unknown[]> {
    return retry(env, call, () =>
      ways.use(async (client) => {
        const answer = await client.instances(project, call);
        call.signal.throwIfAborted();
        // Go writes an empty list as null; what is in no envelope of the API does not come here.
        const rows = answer === null ? [] : answer;
        // An answer that is no list must never look like an empty one.
        if (!Array.isArray(rows)) throw unexpected(client.host, 'a list of instances', answer).of(LIST);
        // A project that is not there has no instances either.
        if (rows.length === 0 && project !== null) await client.project(project, call);
        return rows;
      }),
    );
  }

  function begin(project: string | null): Entry {
    entries.get(project)?.disarm();
    const entry: Entry = {
      began: ++moment,
      rows: null,
      run: singleFlight(async (call) => {
        try {
          entry.rows = await read(project, call);
        } catch (error) {
          drop(project, entry);
          throw error;
        }
        entry.disarm = env.clock.alarm(HELD_MS, () => drop(project, entry));
        return entry.rows;
      }),
      disarm: () => undefined,
    };
    entries.set(project, entry);
    return entry;
  }

  function drop(project: string | null, entry: Entry): void {
    if (entries.get(project) === entry) entries.delete(project);
  }

  return {
    read,
    async after(since, project, call) {
      call.signal.throwIfAborted();
      const held = entries.get(project);
      const entry = held && held.began > since ? held : begin(project);
      return entry.rows ?? entry.run(call);
    },
    tick: () => ++moment,
    close() {
      for (const { disarm } of entries.values()) disarm();
      entries.clear();
    },
  };
}
