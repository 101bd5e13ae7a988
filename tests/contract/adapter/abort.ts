import { expect, it } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import type { Clock, Connection } from '#providers/contract.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { pagesOf } from '#tests/fakes/paging.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { listScopes, openRig, type Rig } from './rig.ts';

export function abortTests<C, Row>(c: AdapterCase<C, Row>): void {
  it('fault 31: stops at every request and asks nothing more', async () => {
    const rig = await openRig(c);
    rig.fake.paging = pagesOf(4);
    // What a new connection asks, with its credential and its details.
    const asked = await countRequests(rig);
    for (let stopAt = 1; stopAt <= Math.min(asked, 8); stopAt++) {
      const stop = new AbortController();
      const reason = new Error(`stopped at request ${stopAt}`);
      let seen = 0;
      rig.fake.onRequest = () => {
        if (++seen === stopAt) stop.abort(reason);
      };
      await expect(readAll(await rig.connect(), rig, stop.signal)).rejects.toBe(reason);
      expect(seen).toBeGreaterThanOrEqual(stopAt);
      expect(seen).toBeLessThan(stopAt + (c.inFlight ?? 1));
    }
  });

  it('fault 31: stops between two pages', async () => {
    const rig = await openRig(c);
    rig.fake.paging = pagesOf(4);
    const stop = new AbortController();
    const reason = new Error('stopped');
    const read = async () => {
      for await (const _ of rig.connection.list(rig.subject, { signal: stop.signal })) stop.abort(reason);
    };
    await expect(read()).rejects.toBe(reason);
  });

  it('fault 31: stops while it waits to try again, and before it began', async () => {
    const rig = await openRig(c);
    rig.fake.script({ when: (request) => c.isListOf(rig.subject, request), reply: c.replies.throttled(5) });
    const stop = new AbortController();
    const reason = new Error('stopped');
    const clock: Clock = {
      ...testClock(),
      sleep: async (_, signal) => {
        stop.abort(reason);
        signal.throwIfAborted();
      },
    };
    const connection = await rig.connect({ clock });
    await expect(readAll(connection, rig, stop.signal)).rejects.toBe(reason);
    rig.fake.requests.length = 0;
    await expect(readAll(connection, rig, stop.signal)).rejects.toBe(reason);
    expect(rig.fake.requests).toEqual([]);
  });

  it('fault 31: stops at every request while it looks for scopes', async () => {
    const rig = await openRig(c);
    rig.fake.requests.length = 0;
    await listScopes(await rig.connect());
    // None where scopes stand in the configuration.
    const asked = rig.fake.requests.length;
    for (let stopAt = 0; stopAt <= Math.min(asked, 6); stopAt++) {
      const stop = new AbortController();
      const reason = new Error(`stopped at request ${stopAt}`);
      let seen = 0;
      if (stopAt === 0) stop.abort(reason);
      rig.fake.onRequest = () => {
        if (++seen === stopAt) stop.abort(reason);
      };
      const found = listScopes(await rig.connect(), { signal: stop.signal });
      if (asked > 0) await expect(found).rejects.toBe(reason);
      else await expect(found.catch((error: unknown) => error)).resolves.toBeDefined();
      expect(seen).toBe(stopAt);
    }
  });
}

async function readAll(connection: Connection, rig: Rig, signal: AbortSignal): Promise<Resource[]> {
  const rows: Resource[] = [];
  for await (const batch of connection.list(rig.subject, { signal })) rows.push(...batch.resources);
  return rows;
}

async function countRequests(rig: Rig): Promise<number> {
  rig.fake.requests.length = 0;
  await readAll(await rig.connect(), rig, new AbortController().signal);
  return rig.fake.requests.length;
}
