import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { ApiServer } from '#tests/fakes/kube-apiserver.ts';
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

describe('a cluster whose API server is killed', () => {
  let clock: VirtualClock;
  let api: ApiServer;
  let connection: Connection;
  let pods: Mirror;
  let nodes: Mirror;
  let down: boolean;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    clock = new VirtualClock();
    down = false;
    api = await ApiServer.start({ now: () => clock.monotonic() });
    api.fault({ when: () => down, times: Number.POSITIVE_INFINITY, answer: 'reset' });
    api.store.put('nodes', aNode('node-1'));
    for (let n = 1; n <= 3; n++) api.store.put('pods', aPod(n));
    const place = await scratch();
    remove = place.remove;
    const kubeconfig = await writeKubeconfig(place.folder, [{ name: 'prod', server: api.url }]);
    connection = await openSource({ kubeconfig }, clock);
    const scopes = await scopesOf(connection);
    const part = (name: string) => scopes.find((scope) => scope.part === name) as Scope;
    pods = Mirror.follow(connection, part('pods'), clock);
    nodes = Mirror.follow(connection, part('nodes'), clock);
    await until(clock, () => api.watching('pods') === 1 && api.watching('nodes') === 1);
  });

  afterEach(async () => {
    await Promise.all([pods.stop(), nodes.stop()]);
    await connection.close();
    await api.close();
    await remove();
  });

  const asked = (action: string) => api.requests.filter((request) => request.action === action).length;
  const agrees = () => {
    const expected = api.store.all('pods').map((pod) => `cluster-uid/${pod.metadata.uid}/app`);
    return JSON.stringify(pods.uids()) === JSON.stringify(expected.sort());
  };
  function kill(): void {
    down = true;
    api.cut('reset');
  }
  async function back(): Promise<number> {
    const from = clock.monotonic();
    const [before, after] = [pods.heartbeats, nodes.heartbeats];
    down = false;
    await until(clock, () => pods.heartbeats > before && nodes.heartbeats > after);
    return clock.monotonic() - from;
  }

  it('fault 106: is told of at once by the watches of both its scopes', async () => {
    const before = clock.monotonic();
    kill();
    await until(clock, () => pods.breaks.length > 0 && nodes.breaks.length > 0);
    expect(clock.monotonic() - before).toBeLessThan(3000);
    expect(pods.breaks[0]).toMatchObject({ kind: 'network' });
    expect(agrees()).toBe(true);
  });

  it('fault 106: goes on from where it broke, without a list, and says at once that it lives', async () => {
    const lists = asked('list pods') + asked('list nodes');
    kill();
    await until(clock, () => pods.breaks.length > 3);
    expect(await back()).toBeLessThan(5000);
    api.store.put('pods', aPod(4));
    await until(clock, agrees);
    expect(asked('list pods') + asked('list nodes')).toBe(lists);
  });

  it('fault 106: tells what happened meanwhile', async () => {
    kill();
    await until(clock, () => pods.breaks.length > 3);
    api.store.put('pods', aPod(4));
    api.store.remove('pods', aPod(1).metadata.uid);
    await back();
    await until(clock, agrees);
    expect(asked('list pods')).toBe(1);
  });

  it('fault 106, fault 37: lists anew where the server has forgotten what happened meanwhile', async () => {
    kill();
    await until(clock, () => pods.breaks.length > 3);
    api.store.put('pods', aPod(4));
    api.store.remove('pods', aPod(1).metadata.uid);
    api.store.compact();
    down = false;
    await until(clock, agrees);
    expect(asked('list pods')).toBe(2);
    expect(pods.listings.every(({ complete }) => complete)).toBe(true);
  });

  it('fault 106: is asked again within seconds for minutes, though one that never answered rests', async () => {
    kill();
    await until(clock, () => clock.monotonic() > 300_000);
    expect(await back()).toBeLessThan(5000);
    expect(asked('list pods')).toBe(1);
  });

  it('fault 106: is asked who it is before its watch is taken up: another cluster there tells nothing to these rows', async () => {
    kill();
    await until(clock, () => pods.breaks.length > 0);
    api.fault({
      when: ({ action }) => action === 'get namespaces/kube-system',
      times: Number.POSITIVE_INFINITY,
      answer: { body: JSON.stringify({ metadata: { uid: 'another' } }) },
    });
    const watched = asked('watch pods');
    down = false;
    await until(clock, () => pods.error !== undefined);
    expect(pods.error).toMatchObject({ kind: 'config' });
    expect(asked('watch pods')).toBe(watched);
    expect(agrees()).toBe(true);
  });

  it('fault 106: a session that is told that nothing is kept of what was said lists, wherever the one before broke off', async () => {
    await pods.stop();
    pods = Mirror.follow(connection, (await scopesOf(connection)).find(({ part }) => part === 'pods') as Scope, clock);
    await until(clock, () => pods.listings.length === 1);
    expect(asked('list pods')).toBe(2);
  });
});
