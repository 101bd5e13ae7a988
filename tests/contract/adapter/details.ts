import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { JsonValue, Listing, Scope } from '#lib/model/index.ts';
import { openReadStore, openWriteStore } from '#lib/store/index.ts';
import type { Cache, Connection } from '#providers/contract.ts';
import { type FakeRequest, json, type Reply, type Rule } from '#tests/fakes/server.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import type { AdapterCase } from '../adapter-case.ts';
import { openRig, type Rig, read, rowsOf, verdict } from './rig.ts';

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
      // A row may lack what no call tells: when a terminated instance was created.
      const always = await collect(path, await connect(), scopes, 0);
      const before = await content(path);
      expect(before.rows.length).toBeGreaterThan(20);

      const actions = c.details.includes(denied) ? [denied] : c.details;
      fake.script({ when: ({ action }) => actions.includes(action), reply: c.replies.denied() });
      const unknown = await collect(path, await connect(), scopes, MINUTE);
      const after = await content(path);
      expect(unknown > always).toBe(!(c.idleDetails ?? []).includes(denied));
      expect(after.rows).toEqual(before.rows);
      expect(after.changes).toEqual(before.changes);
      expect(after.revision).toBe(before.revision);
    },
  );

  it.each(FAULTS)(
    'fault 5, fault 103: lists the same rows in the same states, at the very first start and later, while a call beside the list is %s, one or all; right again once it works',
    { timeout: 120_000 },
    async (fault) => {
      const rig = await openRig(c);
      const scopes = [rig.subject, rig.bystander];
      const clean = new Map<string, Listing>();
      for (const scope of scopes) clean.set(scope.id, await read(rig.connection, scope));
      const every = c.details.length > 1 ? [...c.details.map((action) => [action]), c.details] : [c.details];
      for (const actions of every) await underFault(c, rig, fault, actions, clean);
    },
  );

  it('fault 5, fault 103: after a restart, rows that are new have the details that an earlier process was told, while their call fails', async () => {
    const { fake, subject, bystander, connect } = await openRig(c);
    const kept = new Map<string, JsonValue>();
    const cache: Cache = { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) };
    const before = await connect({ cache });
    const clean = new Map<string, Listing>();
    for (const scope of [subject, bystander]) clean.set(scope.id, await read(before, scope));
    const actions = c.keptDetails ?? [];
    expect(kept.size > 0).toBe(actions.length > 0);
    fake.script({ when: ({ action }) => actions.includes(action), reply: { status: 500, body: 'no luck' } });
    const after = await connect({ cache });
    for (const scope of [subject, bystander]) {
      const listing = await read(after, scope);
      expect(rowsOf(listing)).toEqual(rowsOf(clean.get(scope.id) as Listing));
      expect(listing.unknown.size).toBe(0);
    }
  });
}

const FAULTS = [
  'denied',
  '500',
  'hanging',
  'another shape',
  'a page of HTML',
  'without its list',
  'in a circle',
] as const;
type Fault = (typeof FAULTS)[number];

/** The reply of a call that is broken in this way. */
function replyOf<C, Row>(c: AdapterCase<C, Row>, fault: Fault): Rule['reply'] {
  switch (fault) {
    case 'denied':
      return c.replies.denied();
    case '500':
      return { status: 500, body: 'no luck' };
    case 'hanging':
      return { end: 'silent' };
    case 'another shape':
      return c.wire === 'xml' ? xml('<Something><item>1</item></Something>') : json([1, 'two', null]);
    case 'a page of HTML':
      return { headers: { 'content-type': 'text/html' }, body: '<html><body><h1>Sign in</h1></body></html>' };
    case 'without its list':
      return ({ action }) => (c.wire === 'xml' ? xml(`<${action.split(':')[1]}Response/>`) : json({}));
    case 'in a circle':
      return inCircle;
    default:
      return fault satisfies never;
  }
}

const xml = (body: string): Reply => ({ headers: { 'content-type': 'text/xml;charset=UTF-8' }, body });

/** The true page, after which it comes once more: in every way in which a page names the next. */
async function inCircle(request: FakeRequest, real: () => Promise<Reply>): Promise<Reply> {
  const reply = await real();
  const text = String(reply.body ?? '');
  if (text.startsWith('<'))
    return { ...reply, body: text.replace(/(<\/\w+Response>)$/, '<nextToken>again</nextToken>$1') };
  const body: { metadata?: object } = JSON.parse(text);
  const here = `http://${request.headers.host}${request.url}`;
  return json({
    ...body,
    nextPageToken: 'again',
    nextLink: here,
    flavors_links: [{ rel: 'next', href: here }],
    metadata: { ...body.metadata, continue: 'again' },
  });
}

/** A new process under one fault: its first listings, those right after, and those once the call works again. */
async function underFault<C, Row>(
  c: AdapterCase<C, Row>,
  { fake, clock: instant, connect, subject, bystander }: Rig,
  fault: Fault,
  actions: readonly string[],
  clean: ReadonlyMap<string, Listing>,
): Promise<void> {
  const where = `${actions.join(', ')} ${fault}`;
  let broken = true;
  const hit = ({ action }: FakeRequest) => broken && actions.includes(action);
  fake.script({ when: hit, reply: replyOf(c, fault) });
  // Who hangs is waited for in time that stands still until the call is on its way.
  const virtual = fault === 'hanging' ? new VirtualClock(instant.now()) : null;
  const connection = await connect({ clock: virtual ?? instant });
  const asked = () => fake.requests.filter(hit).length;
  const list = (scope: Scope) =>
    virtual ? passingTime(virtual, fake, hit, read(connection, scope)) : read(connection, scope);
  const scopes = [subject, bystander].filter((scope) => !actions.some((action) => c.isListedBy?.(scope, action)));
  const failing = new Set<string>();
  for (const scope of scopes) {
    const before = asked();
    const listing = await list(scope);
    const expected = clean.get(scope.id) as Listing;
    expect(verdict(listing), where).toBe('complete');
    expect(statesOf(listing, listing), where).toEqual(statesOf(expected, listing));
    // An answer that names no pages is none in a circle. What failed for the other scope is still failing for this one.
    const hurt = listing.detailErrors.length > 0;
    if (listing.unknown.size > 0 || (asked() > before && fault !== 'in a circle')) expect(hurt, where).toBe(true);
    if (hurt) failing.add(scope.id);
  }
  const once = asked();
  for (const scope of scopes) {
    const listing = await list(scope);
    expect(statesOf(listing, listing), where).toEqual(statesOf(clean.get(scope.id) as Listing, listing));
    expect(listing.detailErrors.length > 0, where).toBe(failing.has(scope.id));
  }
  // By its own pauses, not by each listing; what works (a page that names no next one) is asked as ever.
  if (failing.size > 0) expect(asked(), where).toBe(once);
  broken = false;
  if (virtual) await virtual.advance(16 * MINUTE);
  else instant.advance(16 * MINUTE);
  for (const scope of scopes) {
    const listing = await list(scope);
    expect(listing.detailErrors, where).toEqual([]);
    expect(rowsOf(listing), where).toEqual(rowsOf(clean.get(scope.id) as Listing));
  }
  fake.onRequest = null;
}

/** A state is left out where `fault` says itself that only the failing call tells it: whether a created container could be started. */
const statesOf = (listing: Listing, fault: Listing) =>
  rowsOf(listing).map(({ uid, state, nativeState }) => [
    uid,
    fault.unknown.get(uid)?.includes('state') ? null : state,
    nativeState,
  ]);

/** Lets time pass whenever a call has come that will not be answered, until `listing` is over. */
async function passingTime<T>(
  clock: VirtualClock,
  fake: Rig['fake'],
  hit: (request: FakeRequest) => boolean,
  listing: Promise<T>,
) {
  let over = false;
  let news = Promise.withResolvers<void>();
  fake.onRequest = (request) => {
    if (hit(request)) news.resolve();
  };
  const end = () => {
    over = true;
    news.resolve();
  };
  listing.then(end, end);
  for (;;) {
    await news.promise;
    if (over) return listing;
    news = Promise.withResolvers();
    await clock.advance(4000);
  }
}
