import type { Batch } from '#lib/model/index.ts';
import type { Call, WatchEvent } from '#providers/contract.ts';
import { describe, type Reading, type Seen } from './listing.ts';

/** The domains as a watch last saw them. */
export interface Known {
  /** Null where one of these names is none that is known. */
  uuidsOf(names: readonly string[]): string[] | null;
  /** Domains that are new, gone, or in another state than they are known in. */
  compare(seen: Seen): string[];
  /** Reads domains again and says what they are now. @returns false where one could be read before and cannot now */
  refresh(reading: Reading, uuids: readonly string[], call: Call): AsyncGenerator<WatchEvent, boolean>;
}

interface Entry {
  /** Null where its row cannot be read. */
  name: string | null;
  /** As an enumeration tells it: `running`, `paused`, `shut off`; null for the others. */
  state: string | null;
}

const LISTED = new Set(['running', 'paused', 'shut off']);
const listedState = (native: string | null): string | null => (native !== null && LISTED.has(native) ? native : null);

export function memory(seen: Seen, batches: readonly Batch[]): Known {
  const { host } = seen;
  const entries = new Map<string, Entry>();
  const names = new Map<string, string>();
  // Of those that could not be read, so that they are no news; of those that vanished meanwhile nothing.
  for (const { unreadable } of batches)
    for (const { id } of unreadable) if (id) entries.set(id, { name: null, state: seen.states?.get(id) ?? null });
  for (const { resources } of batches)
    for (const row of resources) set(row.nativeId, { name: row.name, state: listedState(row.nativeState) });

  function set(uuid: string, entry: Entry | null): void {
    const before = entries.get(uuid);
    if (before?.name != null && names.get(before.name) === uuid) names.delete(before.name);
    if (!entry) entries.delete(uuid);
    else {
      entries.set(uuid, entry);
      if (entry.name !== null) names.set(entry.name, uuid);
    }
  }

  return {
    uuidsOf(wanted) {
      const uuids = new Set<string>();
      for (const name of wanted) {
        const uuid = names.get(name);
        if (uuid === undefined) return null;
        uuids.add(uuid);
      }
      return [...uuids];
    },
    compare({ uuids, states }) {
      const changed = uuids.filter((uuid) => {
        const entry = entries.get(uuid);
        return !entry || (states !== null && (states.get(uuid) ?? null) !== entry.state);
      });
      const present = new Set(uuids);
      for (const uuid of entries.keys()) if (!present.has(uuid)) changed.push(uuid);
      return changed;
    },
    async *refresh(reading, uuids, call) {
      const wanted = uuids.map((uuid) => ({ uuid, state: null }));
      const { batches, vanished } = await describe(reading, host, wanted, call);
      let readable = true;
      for (const { resources, unreadable, unknown, detailErrors } of batches) {
        const more = unknown && detailErrors ? { unknown, detailErrors } : {};
        for (const row of resources) {
          set(row.nativeId, { name: row.name, state: listedState(row.nativeState) });
          yield { type: 'upsert', objectId: row.objectId, resources: [row], ...more };
        }
        for (const { id } of unreadable) if (id && entries.get(id)?.name !== null) readable = false;
      }
      for (const uuid of vanished) {
        set(uuid, null);
        yield { type: 'upsert', objectId: uuid, resources: [] };
      }
      return readable;
    },
  };
}
