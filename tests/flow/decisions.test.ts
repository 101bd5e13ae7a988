import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DELETE, POST } from '#app/api/v1/decisions/route.ts';
import { setWebProcess } from '#app/server/service.ts';
import { problemSchema } from '#lib/api/resources.ts';
import { controlClient } from '#lib/collector/control-client.ts';
import { listenForCommands } from '#lib/collector/control-server.ts';
import { decisionsIn } from '#lib/collector/decisions.ts';
import { decisionSchema } from '#lib/model/index.ts';
import { readQuestions } from '#lib/questions/kit/table.ts';
import { openReadStore, openWriteStore, type SqliteStore } from '#lib/store/index.ts';
import type { QueryService } from '#lib/web/service.ts';
import { complete, limit, rowIn, scopeOf } from '#tests/contract/store/fixture.ts';
import { testClock } from '#tests/fakes/clock.ts';
import { silentLogger } from '#tests/support/log.ts';
import { queryServiceAt } from '#tests/support/query-service.ts';

// From the route over the socket to the collector's store, and back to the index.
const closing = new AbortController();
const clock = testClock();
const scope = scopeOf('eu-west-1');
const [a, b] = ['vm:a', 'vm:b'];
let folder: string;
let store: SqliteStore;
let service: QueryService;
let collector: { close(): Promise<void> };

function listen() {
  const refresh = () => ({ accepted: 0, coalesced: 0 });
  collector = listenForCommands(folder, { refresh, ...decisionsIn(store, clock) }, silentLogger);
}
async function list(...names: string[]) {
  const node = { type: 'node' as const, value: 'k/n' };
  const rows = [
    ...names.map((name) =>
      rowIn(scope, name, name === 'a' ? { identities: [{ type: 'instance-id', value: 'i' }] } : {}),
    ),
    rowIn(scope, 'node', { kind: 'host', identities: [node, { type: 'instance-id', value: 'i' }] }),
    rowIn(scope, 'container', { kind: 'container', hostedBy: [node] }),
  ];
  const generation = await store.nextGeneration(scope.id);
  await store.commit(await complete(scope, rows), { generation, at: clock.now(), limit });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'muster-decisions-'));
  const path = join(folder, 'muster.db');
  store = await openWriteStore(path, { clock });
  await store.registerScopes('prod', [scope], { interval: 60_000, at: clock.now() });
  await list('a', 'b', 'removed');
  await list('a', 'b');
  service = queryServiceAt(clock, path);
  setWebProcess({
    service,
    questions: await readQuestions(),
    providers: [],
    ...controlClient(folder),
    closing: closing.signal,
  });
  listen();
  await service.ready();
});
afterAll(async () => {
  closing.abort();
  await collector.close();
  await service.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const decide = (body: unknown) =>
  POST(new Request('http://localhost/api/v1/decisions', { method: 'POST', body: JSON.stringify(body) }));
const takeBack = (query: Record<string, string>) =>
  DELETE(new Request(`http://localhost/api/v1/decisions?${new URLSearchParams(query)}`, { method: 'DELETE' }));
async function stored() {
  const reader = await openReadStore(join(folder, 'muster.db'));
  try {
    return await reader.decisions();
  } finally {
    await reader.close();
  }
}

it('keeps what a person says, tells the readers, and takes it back', async () => {
  const heard = new Promise<number>((resolve) => {
    const leave = service.subscribe(null, ({ revision }) => {
      leave();
      resolve(revision);
    });
  });
  const answer = await decide({ a: b, b: a, verdict: 'split', reason: ' two racks ' });
  expect(answer.status).toBe(200);
  const decision = decisionSchema.parse(await answer.json());
  expect(decision).toEqual({
    a,
    b,
    verdict: 'split',
    reason: 'two racks',
    at: new Date(clock.now()).toISOString(),
  });
  expect(await stored()).toEqual([decision]);
  expect(await heard).toBeGreaterThan(0);
  await list('a', 'b');
  expect(await stored()).toEqual([decision]);
  expect((await takeBack({ a: b, b: a })).status).toBe(204);
  expect(await stored()).toEqual([]);
  const again = await takeBack({ a, b });
  expect(again.status).toBe(404);
  expect(problemSchema.parse(await again.json()).code).toBe('not-found');
});

it.each([
  ['one resource twice', () => ({ a, b: a, verdict: 'join', reason: 'r' }), 'b'],
  ['no reason', () => ({ a, b, verdict: 'join', reason: '  ' }), 'reason'],
  ['a reason without end', () => ({ a, b, verdict: 'join', reason: 'r'.repeat(501) }), 'reason'],
  ['another verdict', () => ({ a, b, verdict: 'merge', reason: 'r' }), 'verdict'],
  ['a time of its own', () => ({ a, b, verdict: 'join', reason: 'r', at: '2026-01-01T00:00:00.000Z' }), 'at'],
  ['no pair', () => ({ a, verdict: 'join', reason: 'r' }), 'b'],
  ['a list', () => [a, b], ''],
])('refuses %s and names it', async (_what, body, parameter) => {
  const answer = await decide(body());
  expect(answer.status).toBe(400);
  expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'bad-parameter', parameter });
  expect(await stored()).toEqual([]);
});

it('refuses what is no JSON', async () => {
  const answer = await POST(new Request('http://localhost/x', { method: 'POST', body: 'a=1' }));
  expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'bad-parameter', status: 400 });
});

it.each([{ a: 'x' }, { a: 'x', b: 'x' }, { a: '', b: 'x' }, { a: 'x', b: 'y', c: 'z' }])(
  'refuses to take back %o',
  async (query) => expect((await takeBack(query as Record<string, string>)).status).toBe(400),
);

it.each(['nobody', 'vm:removed'])('knows no resource that is not there, or there no more: %s', async (uid) => {
  const answer = await decide({ a, b: uid, verdict: 'join', reason: 'r' });
  expect(answer.status).toBe(404);
  expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'not-found', parameter: 'b' });
  expect(await stored()).toEqual([]);
});

it('says that nothing was kept where the collector does not answer', async () => {
  await collector.close();
  for (const answer of [await decide({ a, b, verdict: 'join', reason: 'r' }), await takeBack({ a, b })]) {
    expect(answer.status).toBe(503);
    expect(problemSchema.parse(await answer.json()).detail).toContain('nothing was kept');
  }
  listen();
});

it.each([
  ['its node', 'vm:container', 'vm:node', 'b'],
  ['the VM that its node is', 'vm:a', 'vm:container', 'a'],
])('joins no container with what it runs on: %s', async (_what, one, other, parameter) => {
  const answer = await decide({ a: one, b: other, verdict: 'join', reason: 'r' });
  expect(answer.status).toBe(400);
  expect(problemSchema.parse(await answer.json())).toMatchObject({ code: 'bad-parameter', parameter });
  expect(await stored()).toEqual([]);
});

it('joins a container with a machine that it does not run on, as a node may be one', async () => {
  const pair = { a: 'vm:b', b: 'vm:container' };
  expect((await decide({ ...pair, verdict: 'join', reason: 'r' })).status).toBe(200);
  expect((await takeBack(pair)).status).toBe(204);
});
