import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import type { Connection } from '#providers/contract.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { openRig, read } from './rig.ts';

const MINUTE = 60_000;

/** Lists all scopes into the store, as a collector that has just been started: with a store of its own opening. */
async function collect(path: string, connection: Connection, scopes: readonly Scope[], at: number) {
  const store = await openWriteStore(path, { clock: { now: () => at } });
  let unknown = 0;
  try {
    await store.registerScopes('source', scopes, { interval: 5 * MINUTE, at });
    for (const scope of scopes) {
      const listing = await read(connection, scope);
      unknown += listing.unknown.size;
      await store.commit(listing, { generation: await store.nextGeneration(scope.id), at, limit: () => 0 });
    }
  } finally {
    await store.close();
  }
  return unknown;
}

async function content(path: string) {
  const store = await openReadStore(path);
  try {
    const rows = [];
    for await (const chunk of store.scan(1_000)) rows.push(...chunk.map((row) => row.resource));
    return { rows, changes: await store.changes({ limit: 10 }), revision: await store.revision() };
  } finally {
    await store.close();
  }
}

export function detailTests<C, Row>(c: AdapterCase<C, Row>): void {
  if (c.skip?.details) {
    it.skip(`fault 5: details whose call is denied stay as they are stored (left out: ${c.skip.details})`);
    return;
  }
  it.each([...c.details, 'all of these'])(
    'fault 5: after a restart, details whose call is denied stay as they are stored and are no change: %s',
    async (denied) => {
      const { fake, scopes, connect } = await openRig(c);
      const folder = mkdtempSync(join(tmpdir(), 'muster-details-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      const path = join(folder, 'muster.db');
      expect(await collect(path, await connect(), scopes, 0)).toBe(0);
      const before = await content(path);
      expect(before.rows.length).toBeGreaterThan(20);

      const actions = c.details.includes(denied) ? [denied] : c.details;
      fake.script({ when: ({ action }) => actions.includes(action), reply: c.replies.denied() });
      const unknown = await collect(path, await connect(), scopes, MINUTE);
      const after = await content(path);
      expect(unknown > 0).toBe(!(c.idleDetails ?? []).includes(denied));
      expect(after.rows).toEqual(before.rows);
      expect(after.changes).toEqual(before.changes);
      expect(after.revision).toBe(before.revision);
    },
  );
}
