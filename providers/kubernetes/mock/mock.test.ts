import { describe, expect, it } from 'vitest';
import { CANARY } from '#lib/demo/index.ts';
import { drain, type Resource } from '#lib/model/index.ts';
import type { Connection, Environment } from '#providers/contract.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { silentLogger } from '#tests/support/log.ts';
import { adapter } from '../adapter.ts';
import { kubernetes } from '../index.ts';

describe('mock clusters', () => {
  const open = async (clock: VirtualClock): Promise<Connection> => {
    const env: Environment = { source: 'demo', log: silentLogger, clock, random: () => 0.5 };
    return adapter.open(kubernetes.config.parse({ mock: { seed: 3, resources: 1000 } }), env);
  };

  async function rowsNow(connection: Connection): Promise<Map<string, Resource>> {
    const rows = new Map<string, Resource>();
    const call = { signal: new AbortController().signal };
    for await (const scope of connection.scopes(call)) {
      const listing = await drain(scope, connection.list(scope, call), (error) => {
        throw error;
      });
      expect(listing.complete).toBe(true);
      for (const [uid, row] of listing.resources) rows.set(uid, row);
    }
    return rows;
  }

  it('list pods and nodes with the workloads that own them, and no planted secret', async () => {
    const rows = await rowsNow(await open(new VirtualClock()));
    const kinds = new Set([...rows.values()].map((row) => row.workload?.kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob']));
    expect(kinds).not.toContain('ReplicaSet');
    expect(kinds).not.toContain('Job');
    const nodes = new Set(
      [...rows.values()].filter(({ kind }) => kind === 'host').map((row) => row.identities[0]?.value),
    );
    for (const { hostedBy } of rows.values()) for (const { value } of hostedBy) expect(nodes).toContain(value);
    expect(JSON.stringify([...rows.values()])).not.toContain(CANARY);
  });

  it('change over time, and a watch ends where a new listing would', async () => {
    const clock = new VirtualClock();
    const connection = await open(clock);
    const rows = await rowsNow(connection);
    const stop = new AbortController();
    const call = { signal: stop.signal };
    const watches: Promise<void>[] = [];
    let upserts = 0;
    for await (const scope of connection.scopes(call))
      watches.push(
        (async () => {
          for await (const event of connection.watch?.(scope, call) ?? []) {
            if (event.type === 'listing') for await (const _ of event.batches);
            if (event.type !== 'upsert') continue;
            upserts++;
            for (const [uid, row] of rows) if (row.objectId === event.objectId) rows.delete(uid);
            for (const row of event.resources) rows.set(row.uid, row);
          }
        })().catch(() => {}),
      );
    // Longer than a connection lives, so that watches are taken up again on the way.
    await clock.advance(6 * 60_000);
    stop.abort(new Error('over'));
    await Promise.all(watches);
    expect(upserts).toBeGreaterThan(0);
    const fresh = await rowsNow(await open(clock));
    // `scope` of both is the same: source, cluster, part.
    expect(sorted(rows)).toEqual(sorted(fresh));
  });
});

const sorted = (rows: Map<string, Resource>) => [...rows.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
