import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { DockerEngine, type EngineRequest, eventLine } from '#tests/fakes/docker-engine.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { Mirror, until } from '#tests/support/kubernetes/kubernetes.ts';

const isEvents = ({ action }: EngineRequest) => action === 'GET /events';
const idOf = (n: number) => n.toString(16).padStart(64, '0');

describe('watch of an engine', () => {
  let clock: VirtualClock;
  let engine: DockerEngine;
  let connection: Connection;
  let containers: Scope;
  let mirror: Mirror;
  /** How far the engine's clock is. */
  let ahead: number;

  beforeEach(async () => {
    clock = new VirtualClock();
    ahead = 0;
    engine = await DockerEngine.start({ now: () => clock.now() + ahead });
    for (let n = 1; n <= 3; n++) engine.put(n);
    engine.forget();
    connection = await openSource({ host: engine.address }, clock);
    containers = await scopeOf(connection, 'containers');
  });

  afterEach(async () => {
    await mirror?.stop();
    await connection.close();
    await engine.close();
  });

  const lists = () =>
    engine.requests.filter((r) => r.action === 'GET /containers/json' && !r.query.has('filters')).length;
  const inspects = () => engine.requests.filter((r) => r.action === 'GET /containers/{id}/json').length;
  const subscriptions = () => engine.requests.filter(isEvents);
  const expected = () => [...engine.containers.keys()].map((id) => `${engine.id}/${id}`).sort();
  const agrees = () => JSON.stringify(mirror.uids()) === JSON.stringify(expected());
  const row = (n: number) => mirror.rows.get(idOf(n))?.[0];

  async function started(): Promise<void> {
    mirror = Mirror.follow(connection, containers, clock);
    await until(clock, () => engine.watching === 1 && mirror.listings.length === 1);
  }
  /** A window goes by; the engine ends the stream in its time and is asked for the next. */
  async function window(): Promise<void> {
    const before = subscriptions().length;
    await clock.advance(46_000);
    engine.tick();
    await until(clock, () => subscriptions().length === before + 1 && engine.watching === 1);
  }

  it('subscribes before it lists, so that nothing falls between', async () => {
    await started();
    const asked = engine.requests.map(({ action }) => action);
    expect(asked.indexOf('GET /events')).toBeLessThan(asked.indexOf('GET /containers/json'));
    expect(engine.requests.every(({ query }) => !query.has('size'))).toBe(true);
    expect(mirror.uids()).toEqual(expected());
  });

  it('fault 23: docker: what changes while the list is read is looked at again behind it', async () => {
    let reported = false;
    engine.fault({
      when: ({ action }) => {
        if (action !== 'GET /containers/{id}/json' || reported) return false;
        reported = true;
        engine.put(1, { name: 'renamed' }, 'rename');
        engine.remove(2);
        engine.put(4);
        return false;
      },
      answer: 'reset',
    });
    await started();
    await until(clock, agrees);
    expect(row(1)?.name).toBe('renamed');
    expect(lists()).toBe(1);
  });

  it('follows what starts, changes and is removed, and asks for nothing but that', async () => {
    await started();
    const before = inspects();
    engine.put(4);
    engine.put(1, { state: 'exited', status: 'Exited (3) 1 second ago' }, 'die');
    engine.remove(2);
    await until(clock, agrees);
    expect(row(1)).toMatchObject({ state: 'failed', stateReason: 'exit code 3' });
    expect(lists()).toBe(1);
    // Each that an event named, once.
    expect(inspects() - before).toBe(3);
  });

  it('inspects again behind an update, and not for an exec', async () => {
    await started();
    engine.put(1, { memory: 64 * 1024 * 1024 }, 'update');
    await until(clock, () => row(1)?.limits?.memory === 64);
    const before = engine.requests.length;
    engine.emit(idOf(1), 'exec_start: sh -c true');
    engine.emit(idOf(1), 'exec_die');
    engine.put(2, { status: 'Up 1 second (unhealthy)' }, 'health_status: unhealthy');
    await until(clock, () => row(2)?.readyReason === 'unhealthy');
    expect(engine.requests.length - before).toBe(2);
  });

  it('fault 24: docker: a container made anew under its name is another one, and one row', async () => {
    await started();
    engine.remove(1);
    engine.put(9, { name: 'c-1' }, 'create');
    await until(clock, agrees);
    const named = [...mirror.rows.values()].flat().filter(({ name }) => name === 'c-1');
    expect(named.map(({ uid }) => uid)).toEqual([`${engine.id}/${idOf(9)}`]);
  });

  it('takes each end in time for a sign of life and goes on without a list, for an hour', async () => {
    await started();
    for (let n = 0; n < 80; n++) await window();
    await until(clock, () => mirror.heartbeats >= 80);
    expect(lists()).toBe(1);
    engine.put(4);
    await until(clock, agrees);
  });

  it('tells what happens while two windows change', async () => {
    await started();
    await clock.advance(46_000);
    engine.tick();
    engine.put(4);
    engine.remove(1);
    await until(clock, agrees);
    expect(lists()).toBe(1);
  });

  it.each(['end', 'reset'] as const)('lists again behind a stream that ends early by %s', async (ending) => {
    await started();
    engine.cut(ending);
    await until(clock, () => engine.watching === 0);
    // The engine that comes back has forgotten.
    engine.put(4);
    engine.remove(1);
    engine.forget();
    await until(clock, () => mirror.listings.length === 2 && engine.watching === 1);
    expect(agrees()).toBe(true);
    expect(mirror.listings.every(({ complete }) => complete)).toBe(true);
  });

  it('fault 37: docker: a stream taken up late, from before what the engine remembers, lists anew and loses nothing', async () => {
    await started();
    engine.fault({ when: isEvents, times: 2, answer: 'reset' });
    await clock.advance(46_000);
    engine.tick();
    engine.put(1, { name: 'renamed in the gap', memory: 1024 * 1024 }, 'update');
    engine.put(4);
    engine.remove(2);
    await until(clock, () => mirror.listings.length === 2 && agrees());
    expect(row(1)).toMatchObject({ name: 'renamed in the gap' });
    // Asked for from the last window on: what the engine remembers has inspect asked again.
    expect(Number(subscriptions().at(-1)?.query.get('since'))).toBeLessThan(clock.now() / 1000);
    await until(clock, () => row(1)?.limits?.memory === 1);
  });

  it('an engine whose clock was set back lists anew, and tells its events from then on', async () => {
    ahead = 3_600_000;
    await started();
    ahead = 0;
    await clock.advance(46_000);
    engine.cut('end');
    await until(clock, () => mirror.listings.length === 2 && engine.watching === 1);
    engine.put(4);
    await until(clock, agrees);
    for (let n = 0; n < 3; n++) await window();
    expect(lists()).toBe(2);
  });

  it('gives up an engine that refuses events and never comes to the end of saying so', async () => {
    engine.fault({ when: isEvents, times: 1, answer: 'stall' });
    const hasty = await openSource({ host: engine.address, timeout: 0.2 }, clock);
    mirror = Mirror.follow(hasty, containers, clock);
    await until(clock, () => agrees() && engine.watching === 1);
    await mirror.stop();
    await hasty.close();
  });

  it('fault 39: docker: throttling waits as long as asked, and lists once when it is over', async () => {
    await started();
    engine.fault({ when: isEvents, times: 2, answer: { status: 429, headers: { 'retry-after': '17' } } });
    engine.cut('end');
    await until(clock, () => mirror.listings.length === 2);
    const [, first, second, third] = subscriptions().map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(17_000);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThanOrEqual(17_000);
    expect(lists()).toBe(2);
  });

  it('fault 40: docker: a connection on which nothing comes any more is given up within twice its window', async () => {
    await started();
    const [first] = subscriptions();
    const span = Number(first?.query.get('until')) * 1000 - clock.now();
    engine.cut('silence');
    engine.put(4);
    const before = clock.monotonic();
    while (subscriptions().length < 2) {
      await clock.advance(5000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(clock.monotonic() - before).toBeLessThanOrEqual(2 * span);
    await until(clock, agrees);
    expect(mirror.listings).toHaveLength(2);
  });

  it.each([
    ['malformed', '{"Type":"container","Action":\n', undefined],
    ['truncated', '{"Type":"container","Action":"sta', 'end'],
    ['no event', '["start"]\n', undefined],
    ['without an id', '{"Type":"container","Action":"start","time":1}\n', undefined],
    ['20 MB long', eventLine('x'.repeat(20 * 1024 * 1024), 'start', 0), undefined],
    ['nested 100,000 deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`, undefined],
  ] as const)(
    'fault 41: docker: an event that is %s breaks the stream, and all is listed again',
    async (_, line, ending) => {
      await started();
      engine.send(line, ending);
      await until(clock, () => mirror.listings.length === 2);
      engine.put(4);
      await until(clock, agrees);
      expect(mirror.error).toBeUndefined();
    },
  );

  it('fault 42: docker: a list that breaks off behind a gap shows nothing as gone', async () => {
    await started();
    engine.fault({ when: (r) => r.action === 'GET /containers/json', times: 3, answer: { status: 503 } });
    engine.cut('reset');
    await until(clock, () => mirror.breaks.length === 2);
    expect(mirror.breaks[1]).toMatchObject({ kind: 'network' });
    expect(mirror.uids()).toEqual(expected());
    expect(mirror.listings.at(-1)?.complete).toBe(false);
    await until(clock, () => mirror.listings.length === 3 && agrees());
  });

  it('fault 106: hides no failure: a stream that breaks and an engine that is gone are thrown at once', async () => {
    await started();
    engine.fault({ when: () => true, times: 6, answer: 'reset' });
    const before = clock.monotonic();
    engine.cut('reset');
    await until(clock, () => mirror.breaks.length === 1);
    expect(clock.monotonic() - before).toBeLessThan(1000);
    await until(clock, () => mirror.breaks.length === 4);
    expect(mirror.breaks.every(({ kind }) => kind === 'network')).toBe(true);
    expect(mirror.uids()).toEqual(expected());
    engine.put(4);
    await until(clock, agrees);
  });

  it("fault 106: the engine's own row is asked for as soon as the stream of its containers breaks", async () => {
    await started();
    const host = Mirror.follow(connection, await scopeOf(connection, 'host'));
    await until(clock, () => host.listings.length === 1 && clock.sleeping().includes(60_000));
    const before = clock.monotonic();
    engine.fault({ when: () => true, answer: 'reset' });
    engine.cut('reset');
    await until(clock, () => host.listings.length === 2);
    expect(host.listings[1]).toMatchObject({ complete: false, reason: { kind: 'network' } });
    expect(clock.monotonic() - before).toBeLessThan(5000);
    await host.stop();
  });

  it('lists each minute where a proxy denies events', async () => {
    engine.fault({ when: isEvents, answer: { status: 403, body: 'Forbidden' } });
    mirror = Mirror.follow(connection, containers);
    await until(clock, () => mirror.listings.length === 1);
    engine.put(4);
    await until(clock, agrees);
    expect(mirror.error).toBeUndefined();
    expect(subscriptions().length).toBeLessThanOrEqual(2);
  });

  it('keeps the row of the engine itself current by asking', async () => {
    mirror = Mirror.follow(connection, await scopeOf(connection, 'host'));
    await until(clock, () => mirror.listings.length === 3);
    expect(mirror.uids()).toEqual([engine.id]);
    expect(engine.requests.filter(({ action }) => action === 'GET /info')).toHaveLength(3);
  });

  it('stops at once, wherever it waits', async () => {
    await started();
    await mirror.stop();
    expect(mirror.error).toMatchObject({ message: 'the test is over' });
    await until(clock, () => engine.watching === 0);
    expect(clock.sleeping()).toEqual([]);
  });
});
