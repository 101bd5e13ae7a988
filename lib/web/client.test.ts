import { afterEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '#lib/api/resources.ts';
import type facets from '#lib/questions/facets.ts';
import type groups from '#lib/questions/groups.ts';
import type resource from '#lib/questions/resource.ts';
import type resources from '#lib/questions/resources.ts';
import type scopes from '#lib/questions/scopes.ts';
import type { ReadStore } from '#lib/store/reader.ts';
import { StoreError } from '#lib/store/reader.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { inProcessWorker } from '#tests/support/in-process-worker.ts';
import { MemoryStore } from '#tests/support/memory-store.ts';
import { anyResource } from '#tests/support/resource.ts';
import { startQueryService } from './client.ts';
import type { QueryService } from './service.ts';

const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => anyResource({ uid: `uid-${from + n}`, name: `web-${from + n}` }));
const all = { q: '', sort: '', limit: 10 };
const pageOf = (service: QueryService, more: { q?: string; limit?: number } = {}) =>
  service.ask<typeof resources>('/resources', { ...all, ...more });
const problem = (code: string) => expect.objectContaining({ problem: expect.objectContaining({ code }) });

const services: QueryService[] = [];
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

function start(open: () => Promise<ReadStore>) {
  const clock = new VirtualClock();
  const worker = inProcessWorker(open, clock);
  const logged: string[] = [];
  const note = (event: string) => logged.push(event);
  const log = { info: note, warn: note, error: note };
  const service = startQueryService({ path: 'unused', clock, log, spawn: worker.spawn });
  services.push(service);
  const events: StreamEvent[] = [];
  service.subscribe(null, (event) => events.push(event));
  return { clock, worker, service, events, logged };
}

async function ready(count = 3) {
  const store = new MemoryStore();
  store.commit(rows(count));
  const parts = start(async () => store);
  await parts.clock.run(parts.service.ready());
  return { store, ...parts };
}

describe('readiness', () => {
  it('waits for a store that the collector has not created yet', async () => {
    const store = new MemoryStore();
    let isThere = false;
    const { clock, service } = start(async () => {
      if (!isThere) throw new StoreError('missing', 'no store yet');
      return store;
    });
    await clock.advance(5000);
    expect(service.readiness()).toEqual({ state: 'building', done: 0, total: 0 });
    await expect(pageOf(service)).rejects.toEqual(problem('not-ready'));
    isThere = true;
    await clock.run(service.ready());
    expect(service.readiness()).toMatchObject({ state: 'ready', resources: 0 });
  });

  it('says why a store cannot be read, and goes on once it can', async () => {
    const store = new MemoryStore();
    let isNewer = true;
    const { clock, service } = start(async () => {
      if (isNewer) throw new StoreError('newer', 'The store was written by a newer Muster. Update this one.');
      return store;
    });
    const waiting = expect(service.ready()).rejects.toEqual(problem('not-ready'));
    await clock.settle();
    await waiting;
    expect(service.readiness()).toEqual({
      state: 'failed',
      message: 'The store was written by a newer Muster. Update this one.',
    });
    isNewer = false;
    await clock.advance(1000);
    expect(service.readiness()).toMatchObject({ state: 'ready' });
  });

  it('counts revision and resources as they come', async () => {
    const { store, clock, service } = await ready();
    expect(service.readiness()).toEqual({ state: 'ready', revision: 3, resources: 3 });
    store.commit(rows(2, 3), ['uid-0']);
    await clock.advance(200);
    expect(service.readiness()).toEqual({ state: 'ready', revision: 6, resources: 4 });
  });
});

describe('answers', () => {
  it('gives the page as a value and as the same text', async () => {
    const { service } = await ready(30);
    const page = await pageOf(service, { q: 'web-1', limit: 5 });
    expect(page).toMatchObject({ total: 11, revision: 30 });
    expect(page.items.map(({ name }) => name)).toEqual(['web-1', 'web-10', 'web-11', 'web-12', 'web-13']);
    expect(JSON.parse(await service.answer<typeof resources>('/resources', { ...all, q: 'web-1', limit: 5 }))).toEqual(
      JSON.parse(JSON.stringify(page)),
    );
    expect(Object.getPrototypeOf(page.items[0]?.tags)).toBeNull();
  });

  it('gives details, scopes, facets and groups', async () => {
    const { service } = await ready();
    expect(await service.ask<typeof resource>('/resources/{uid}', { uid: 'nothing' })).toBeNull();
    expect(await service.answer<typeof resource>('/resources/{uid}', { uid: 'nothing' })).toBeNull();
    expect(await service.ask<typeof scopes>('/scopes', {})).toEqual({ scopes: [], revision: 3 });
    expect((await service.ask<typeof facets>('/facets', { q: '', fields: ['kind'] })).facets).toEqual({
      kind: [{ value: 'vm', count: 3 }],
    });
    expect(JSON.parse(await service.answer<typeof facets>('/facets', { q: '', fields: ['kind'] }))).toEqual(
      await service.ask<typeof facets>('/facets', { q: '', fields: ['kind'] }),
    );
    expect((await service.ask<typeof groups>('/groups', { q: '', by: 'region' })).sum).toMatchObject({
      count: 3,
      vcpus: 12,
    });
    await expect(service.ask<typeof facets>('/facets', { q: '', fields: ['name'] })).rejects.toEqual(
      problem('bad-parameter'),
    );
    await expect(service.ask<typeof groups>('/groups', { q: '', by: 'nothing' })).rejects.toEqual(
      problem('bad-parameter'),
    );
    await expect(pageOf(service, { q: 'knd:vm' })).rejects.toEqual(problem('bad-query'));
  });
});

describe('rows', () => {
  it('gives the whole answer in its order, in chunks, as of when it began', async () => {
    const { store, clock, service } = await ready(1200);
    const names: string[] = [];
    for await (const chunk of service.rows('-name:web-0', '-name', new AbortController().signal)) {
      expect(chunk.length).toBeLessThanOrEqual(500);
      names.push(...chunk.map(({ name }) => name));
      store.commit(rows(1, 5000));
      await clock.advance(200);
    }
    expect(names).toEqual(Array.from({ length: 1199 }, (_, n) => `web-${1199 - n}`));
  });

  it('stops when its reader goes, and when it is told to', async () => {
    const { service } = await ready(1200);
    for await (const chunk of service.rows('', '', new AbortController().signal)) {
      expect(chunk).toHaveLength(500);
      break;
    }
    const stop = new AbortController();
    const read = async () => {
      for await (const _ of service.rows('', '', stop.signal)) stop.abort(new Error('enough'));
    };
    await expect(read()).rejects.toThrow('enough');
  });

  it('never passes off half an export as a whole one', async () => {
    const { clock, worker, service } = await ready(1200);
    const read = async () => {
      for await (const _ of service.rows('', '', new AbortController().signal)) {
        worker.kill(new Error('out of memory'));
        await clock.advance(1000);
      }
    };
    await expect(read()).rejects.toEqual(problem('internal'));
  });
});

describe('subscribe', () => {
  it('names the touched rows of each revision', async () => {
    const { store, clock, events } = await ready();
    store.commit(rows(1), ['uid-2']);
    await clock.advance(200);
    expect(events).toEqual([{ revision: 5, uids: ['uid-0', 'uid-2'] }]);
  });

  it('says to read again where they are too many to name', async () => {
    const { store, clock, events } = await ready();
    store.commit(rows(501));
    await clock.advance(200);
    expect(events).toEqual([{ revision: 504, uids: null }]);
  });

  it('tells of scopes that change without a row', async () => {
    const { store, clock, events } = await ready();
    const scope = { id: 's', provider: 'aws', source: 's', account: 'a', region: null, part: 'x', kind: 'vm' as const };
    const times = { since: null, lastAttempt: null, lastSuccess: null };
    const counts = { generation: 0, count: 0, unreadable: 0, held: 0, detailErrors: [], watched: false, interval: 1 };
    store.statuses = [{ ...scope, label: 's', state: 'denied', reason: null, ...times, ...counts }];
    await clock.advance(2000);
    expect(events).toEqual([{ revision: 3, uids: [] }]);
  });

  it('replays what a listener missed, or says that it is not known any more', async () => {
    const { store, clock, service } = await ready();
    for (let n = 0; n < 3; n++) {
      store.commit(rows(1, n));
      await clock.advance(200);
    }
    const heard = (since: number) => {
      const events: StreamEvent[] = [];
      service.subscribe(since, (event) => events.push(event))();
      return events;
    };
    expect(heard(6)).toEqual([]);
    expect(heard(4)).toEqual([
      { revision: 5, uids: ['uid-1'] },
      { revision: 6, uids: ['uid-2'] },
    ]);
    expect(heard(1)).toEqual([{ revision: 6, uids: null }]);
    expect(heard(999)).toEqual([{ revision: 6, uids: null }]);
  });

  it('drops a listener that throws, and only that', async () => {
    const { store, clock, service, events } = await ready();
    let calls = 0;
    service.subscribe(null, () => {
      calls++;
      throw new Error('broken pipe');
    });
    for (let n = 0; n < 2; n++) {
      store.commit(rows(1));
      await clock.advance(200);
    }
    expect(calls).toBe(1);
    expect(events).toHaveLength(2);
  });

  it('reads the store again when removals were pruned before they were seen', async () => {
    const { store, clock, service, events } = await ready();
    store.commit(rows(1, 7), ['uid-0']);
    store.prune();
    await clock.advance(200);
    expect(events.at(-1)).toEqual({ revision: 5, uids: null });
    expect((await pageOf(service)).items.map(({ uid }) => uid)).toEqual(['uid-1', 'uid-2', 'uid-7']);
  });
});

describe('fault 99: a worker that dies', () => {
  it('fails what was asked, starts again with growing pauses, and answers as before', async () => {
    const { store, clock, worker, service, events } = await ready();
    const asked = pageOf(service);
    worker.kill(new Error('out of memory'));
    await expect(asked).rejects.toEqual(problem('not-ready'));
    expect(service.readiness()).toMatchObject({ state: 'building' });
    await expect(pageOf(service)).rejects.toEqual(problem('not-ready'));
    store.commit(rows(1, 3));
    await clock.run(service.ready());
    expect((await pageOf(service)).total).toBe(4);
    // What was committed meanwhile has no event of its own.
    expect(events).toEqual([{ revision: 4, uids: null }]);
  });

  it('keeps answering while the store cannot be read for a moment, and starts anew if it stays so', async () => {
    const { store, clock, worker, service } = await ready();
    const revision = store.revision;
    store.revision = async () => {
      throw new Error('disk I/O error');
    };
    await clock.advance(1000);
    expect((await pageOf(service)).total).toBe(3);
    store.revision = revision;
    store.commit(rows(1, 3));
    await clock.advance(200);
    expect((await pageOf(service)).total).toBe(4);
    expect(worker.started()).toBe(1);
    store.revision = async () => {
      throw new Error('disk I/O error');
    };
    await clock.advance(3000);
    expect(worker.started()).toBeGreaterThan(1);
  });

  it('waits longer after each death, until it was ready', async () => {
    const { clock, worker, service, logged } = start(async () => {
      throw new Error('disk is gone');
    });
    await clock.advance(200 + 400 + 800 + 100);
    expect(worker.started()).toBe(4);
    expect(logged.filter((event) => event === 'index.worker-died')).toHaveLength(4);
    await service.close();
    await clock.advance(60_000);
    expect(worker.started()).toBe(4);
  });
});
