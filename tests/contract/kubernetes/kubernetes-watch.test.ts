import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { type Connection, ProviderError } from '#providers/contract.ts';
import { ApiServer, type KubeRequest, TOO_LARGE } from '#tests/fakes/kube-apiserver.ts';
import { statusBody } from '#tests/fakes/kube-store.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import {
  aNode,
  aPod,
  Mirror,
  openSource,
  scopesOf,
  scratch,
  until,
  writeKubeconfig,
} from '#tests/support/kubernetes/kubernetes.ts';

const isWatch = (request: KubeRequest) => request.action === 'watch pods';
const isList = (request: KubeRequest) => request.action === 'list pods';
const withField = (field: unknown) => ({ ...aPod(9, { metadata: { resourceVersion: 'v.zz' } }), field });
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

describe('watch of a cluster', () => {
  let clock: VirtualClock;
  let api: ApiServer;
  let connection: Connection;
  let pods: Scope;
  let mirror: Mirror;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    clock = new VirtualClock();
    api = await ApiServer.start({ now: () => clock.monotonic() });
    api.store.put('nodes', aNode('node-1'));
    for (let n = 1; n <= 3; n++) api.store.put('pods', aPod(n));
    const place = await scratch();
    remove = place.remove;
    const kubeconfig = await writeKubeconfig(place.folder, [{ name: 'prod', server: api.url }]);
    connection = await openSource({ kubeconfig }, clock);
    const scopes = await scopesOf(connection);
    pods = scopes.find((scope) => scope.part === 'pods') as Scope;
  });

  afterEach(async () => {
    await mirror?.stop();
    await connection.close();
    await api.close();
    await remove();
  });

  const lists = () => api.requests.filter((request) => isList(request) && !request.query.get('continue')).length;
  const watches = () => api.requests.filter(isWatch);
  const expected = () =>
    api.store
      .all('pods')
      .map((pod) => `cluster-uid/${pod.metadata.uid}/app`)
      .sort();
  const agrees = () => JSON.stringify(mirror.uids()) === JSON.stringify(expected());

  async function started(): Promise<void> {
    mirror = Mirror.follow(connection, pods, clock);
    await until(clock, () => api.watching('pods') === 1);
  }

  it('lists, then follows what is added, changed and deleted', async () => {
    await started();
    expect(mirror.uids()).toEqual(expected());
    api.store.put('pods', aPod(4));
    api.store.put('pods', aPod(1, { status: { phase: 'Failed', containerStatuses: [] } }));
    api.store.remove('pods', aPod(2).metadata.uid);
    await until(clock, () => mirror.upserts === 3);
    expect(mirror.uids()).toEqual(expected());
    expect(mirror.rows.get(aPod(1).metadata.uid)?.[0]?.state).toBe('failed');
    expect(lists()).toBe(1);
  });

  it('asks for bookmarks, hands them on as signs of life and goes on from them', async () => {
    await started();
    expect(watches()[0]?.query.get('allowWatchBookmarks')).toBe('true');
    // Something else in the cluster moves its version on.
    api.store.put('nodes', aNode('node-2'));
    api.bookmark();
    await until(clock, () => mirror.heartbeats === 1);
    api.cut('end');
    await until(clock, () => watches().length === 2);
    expect(watches()[1]?.query.get('resourceVersion')).toBe(api.store.version);
  });

  it.each(['end', 'reset'] as const)(
    'goes on from the last version after a connection that ends by %s, without a list',
    async (ending) => {
      await started();
      api.store.put('pods', aPod(4));
      await until(clock, () => mirror.upserts === 1);
      api.cut(ending);
      await until(clock, () => api.watching('pods') === 0);
      api.store.put('pods', aPod(5));
      api.store.remove('pods', aPod(1).metadata.uid);
      await until(clock, agrees);
      expect(lists()).toBe(1);
    },
  );

  it('fault 37: an expired version lists anew, as event in the stream and as HTTP status', async () => {
    await started();
    for (const inStream of [true, false]) {
      api.expiredInStream = inStream;
      const before = lists();
      api.cut('end');
      await until(clock, () => api.watching('pods') === 0);
      api.store.put('pods', aPod(inStream ? 6 : 7));
      api.store.remove('pods', aPod(inStream ? 1 : 2).metadata.uid);
      api.store.compact();
      await until(clock, () => api.watching('pods') === 1 && agrees());
      expect(lists()).toBe(before + 1);
    }
    expect(mirror.listings.every((listing) => listing.complete)).toBe(true);
  });

  it('fault 37: a continue token that expires begins the list again, and no row of the first try stays', async () => {
    for (let n = 10; n < 1210; n++) api.store.put('pods', aPod(n));
    let pages = 0;
    api.fault({
      when: (request) => {
        if (!isList(request) || ++pages !== 3) return false;
        // Between the second and the third page the first version is compacted away, and one of its pods with it.
        api.store.remove('pods', aPod(10).metadata.uid);
        api.store.compact();
        return false;
      },
      answer: 'reset',
    });
    await started();
    expect(mirror.listings).toHaveLength(1);
    expect(mirror.listings[0]?.complete).toBe(true);
    expect(mirror.uids()).toEqual(expected());
    expect(mirror.rows.has(aPod(10).metadata.uid)).toBe(false);
    expect(api.requests.some((request) => request.query.get('continue') === 'inconsistent')).toBe(false);
  });

  it('fault 38: a version that is too large for the server is tried again, then listed anew', async () => {
    api.fault({ when: isWatch, times: 3, answer: { status: 504, body: JSON.stringify(TOO_LARGE) } });
    await started();
    expect(watches()).toHaveLength(4);
    expect(lists()).toBe(2);
    // Unset, so that the answer is the newest state, whatever server answers.
    expect(api.requests.filter(isList).every((request) => !request.query.has('resourceVersion'))).toBe(true);
    expect(agrees()).toBe(true);
  });

  it('fault 39: throttling of the watch waits as long as asked and does not list again', async () => {
    api.fault({
      when: isWatch,
      times: 2,
      answer: {
        status: 429,
        headers: { 'retry-after': '17' },
        body: JSON.stringify(statusBody(429, 'TooManyRequests', 'slow down')),
      },
    });
    await started();
    const at = watches().map((request) => request.at);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(17_000);
    expect((at[2] ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(17_000);
    expect(lists()).toBe(1);
  });

  it('fault 39: throttling as event in the stream is no reason to list either', async () => {
    await started();
    api.send(
      event('ERROR', { ...statusBody(429, 'TooManyRequests', 'slow down'), details: { retryAfterSeconds: 9 } }),
      'end',
    );
    await until(clock, () => watches().length === 2);
    expect((watches()[1]?.at ?? 0) - (watches()[0]?.at ?? 0)).toBeGreaterThanOrEqual(9000);
    expect(lists()).toBe(1);
  });

  it('fault 40: a connection on which nothing comes any more is given up within twice the server’s timeout', async () => {
    await started();
    const asked = Number(watches()[0]?.query.get('timeoutSeconds')) * 1000;
    api.cut('silence');
    api.store.put('pods', aPod(4));
    const before = clock.monotonic();
    while (watches().length < 2) {
      await clock.advance(10_000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(clock.monotonic() - before).toBeLessThanOrEqual(2 * asked);
    await until(clock, agrees);
    expect(lists()).toBe(1);
  });

  it('keeps a quiet watch that sends bookmarks for an hour', async () => {
    await started();
    for (let minute = 0; minute < 60; minute++) {
      api.bookmark();
      await until(clock, () => mirror.heartbeats === minute + 1);
      await clock.advance(60_000);
    }
    expect(watches()).toHaveLength(1);
  });

  it.each([
    ['malformed', '{"type":"ADDED","object":{"metadata":\n', undefined],
    ['truncated', '{"type":"ADDED","object":{"metadata":{"uid":"x"', 'end'],
    ['no event', '["ADDED"]\n', undefined],
    ['of an unknown type', event('REPLACED', aPod(9)), undefined],
    ['without a version', event('ADDED', { metadata: { uid: 'x', name: 'x' } }), undefined],
    ['20 MB long', event('ADDED', withField('x'.repeat(20 * 1024 * 1024))), undefined],
    [
      'nested 100,000 deep',
      event('ADDED', withField(0)).replace('"field":0', `"field":${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      undefined,
    ],
  ] as const)(
    'fault 41: a watch line that is %s breaks the stream, which goes on from the last version',
    async (_, line, ending) => {
      await started();
      api.send(line, ending);
      await until(clock, () => watches().length === 2);
      api.store.put('pods', aPod(4));
      await until(clock, agrees);
      expect(watches()[1]?.query.get('resourceVersion')).toBe(watches()[0]?.query.get('resourceVersion'));
      expect(lists()).toBe(1);
    },
  );

  it('fault 41: a line that breaks the stream each time is got round by a new list', async () => {
    api.fault({ when: isWatch, times: 4, answer: { body: 'not json\n' } });
    await started();
    expect(lists()).toBe(2);
  });

  it('lists again for an object that it cannot understand, but not for each of its changes', async () => {
    await started();
    const broken = { ...aPod(4), spec: {} };
    api.store.put('pods', broken);
    await until(clock, () => mirror.listings.length === 2 && api.watching('pods') === 1);
    expect(mirror.listings[1]).toMatchObject({ complete: false, reason: { kind: 'unreadable' } });
    for (let i = 0; i < 5; i++) api.store.put('pods', broken);
    await until(clock, () => mirror.heartbeats === 5);
    expect(lists()).toBe(2);
  });

  it('ends with the error of a permission that is taken away, and shows nothing as gone', async () => {
    await started();
    api.denied.add('pods');
    api.cut('end');
    await until(clock, () => mirror.error !== undefined);
    expect(mirror.error).toBeInstanceOf(ProviderError);
    expect(mirror.error).toMatchObject({ kind: 'permission' });
    expect(mirror.uids()).toEqual(expected());
  });

  it('fault 44: connects at most once in two seconds per scope, however soon it is asked to', async () => {
    await started();
    api.fault({ when: isWatch, times: 1000, answer: 'reset' });
    api.cut('reset');
    await until(clock, () => mirror.breaks.length > 10);
    const at = watches().map((request) => request.at);
    for (let i = 1; i < at.length; i++) expect((at[i] ?? 0) - (at[i - 1] ?? 0)).toBeGreaterThanOrEqual(2000);
    expect(lists()).toBe(1);
  });

  it('a server that ends each watch at once is not asked more often for it', async () => {
    api.fault({ when: isWatch, times: 20, answer: { body: '' } });
    mirror = Mirror.follow(connection, pods, clock);
    await until(clock, () => watches().length === 20);
    const at = watches().map((request) => request.at);
    expect((at[19] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(19 * 2000);
    expect(lists()).toBe(1);
  });

  it('stops at once, wherever it waits', async () => {
    await started();
    await mirror.stop();
    expect(mirror.error).toMatchObject({ message: 'the test is over' });
    await until(clock, () => api.watching('pods') === 0);
    expect(clock.sleeping()).toEqual([]);
  });
});
