import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { DockerEngine } from '#tests/fakes/docker-engine.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { Mirror, until } from '#tests/support/kubernetes/kubernetes.ts';

const idOf = (n: number) => n.toString(16).padStart(64, '0');
const KILLED = { state: 'exited', status: 'Exited (137) 1 second ago' };

/** The events and inspect know at once, the list two seconds later: so a Docker Engine on a busy machine. */
describe('an engine whose list lags behind its events', () => {
  let clock: VirtualClock;
  let engine: DockerEngine;
  let connection: Connection;
  let containers: Scope;
  let mirror: Mirror;

  beforeEach(async () => {
    clock = new VirtualClock();
    engine = await DockerEngine.start({ now: () => clock.now() });
    for (let n = 1; n <= 3; n++) engine.put(n);
    engine.forget();
    connection = await openSource({ host: engine.address }, clock);
    containers = await scopeOf(connection, 'containers');
    await clock.advance(60_000);
  });
  afterEach(async () => {
    await mirror.stop();
    await connection.close();
    await engine.close();
  });

  const row = (n: number) => mirror.rows.get(idOf(n))?.[0];
  const asked = (action: string) => engine.requests.filter((request) => request.action === action).length;
  const quiet = () => clock.sleeping().every((ms) => ms > 10_000);

  async function started(lagMs = 2000): Promise<void> {
    engine.lagMs = lagMs;
    mirror = Mirror.follow(connection, containers, clock);
    await until(clock, () => engine.watching === 1 && mirror.listings.length === 1 && quiet());
  }

  it('fault 105: a container that was killed is dead within a second, and stays so', async () => {
    await started();
    const before = clock.monotonic();
    engine.put(1, KILLED, 'die');
    await until(clock, () => row(1)?.state !== 'running');
    expect(clock.monotonic() - before).toBeLessThan(1000);
    expect(row(1)).toMatchObject({ state: 'failed', stateReason: 'exit code 137', nativeState: 'exited' });
    await until(clock, quiet);
    expect(row(1)).toMatchObject({ state: 'failed', stateReason: 'exit code 137' });
  });

  it('fault 105: is looked at until both agree, a few times at most, and nobody else is', async () => {
    await started();
    const [lists, inspects] = [asked('GET /containers/json'), asked('GET /containers/{id}/json')];
    engine.put(1, KILLED, 'die');
    await until(clock, () => row(1)?.state !== 'running' && quiet());
    // 0.1, 0.35, 0.85, 1.85 and, after the two seconds, 3.85 s behind the event.
    expect(asked('GET /containers/json') - lists).toBe(5);
    expect(asked('GET /containers/{id}/json') - inspects).toBe(5);
    expect(engine.requests.filter(({ id }) => id === idOf(2))).toHaveLength(1);
  });

  it('fault 105: a list that never catches up is left alone in the end, and inspect is believed', async () => {
    await started(3_600_000);
    const before = asked('GET /containers/json');
    engine.put(1, KILLED, 'die');
    await until(clock, () => row(1)?.state !== 'running' && quiet());
    expect(asked('GET /containers/json') - before).toBe(6);
    expect(row(1)?.state).toBe('failed');
  });

  it('fault 105: what died, was paused, started or fell ill is what inspect says, with its code and its health', async () => {
    engine.put(3, { status: 'Up 5 minutes (healthy)' });
    await started();
    engine.put(1, { state: 'paused', status: 'Up 5 minutes (Paused)' }, 'pause');
    engine.put(2, { state: 'exited', status: 'Exited (0) 1 second ago' }, 'die');
    engine.put(3, { status: 'Up 5 minutes (unhealthy)' }, 'health_status: unhealthy');
    await until(clock, () => row(1)?.state === 'suspended' && row(2)?.state === 'stopped');
    await until(clock, () => row(3)?.readyReason === 'unhealthy');
    await until(clock, quiet);
    // The list has caught up with the first end when it dies once more, with another code.
    engine.put(2, { state: 'exited', status: 'Exited (3) 1 second ago' }, 'die');
    await until(clock, () => row(2)?.stateReason === 'exit code 3');
    await until(clock, quiet);
    expect(row(2)).toMatchObject({ state: 'failed', stateReason: 'exit code 3' });
  });

  it('fault 105: a container that was removed is gone at once, though the list still has it', async () => {
    await started();
    const before = clock.monotonic();
    engine.remove(2);
    await until(clock, () => !mirror.rows.has(idOf(2)));
    expect(clock.monotonic() - before).toBeLessThan(1000);
    await until(clock, quiet);
    expect(mirror.rows.has(idOf(2))).toBe(false);
  });

  it('fault 105: a container that the list does not have yet comes when it has', async () => {
    await started();
    engine.put(4);
    await until(clock, () => mirror.rows.has(idOf(4)));
    expect(row(4)?.state).toBe('running');
  });

  it('fault 105: the listing behind the subscription is corrected as well: by inspect, and by what happened just before', async () => {
    engine.lagMs = 2000;
    engine.put(1, KILLED, 'die');
    engine.put(4);
    engine.remove(2);
    await started();
    await until(clock, () => row(1)?.state === 'failed' && mirror.rows.has(idOf(4)) && !mirror.rows.has(idOf(2)));
    expect(mirror.listings).toHaveLength(1);
  });

  it('fault 105: where inspect is denied, the list is asked until it must have caught up', async () => {
    engine.fault({ when: ({ id }) => id !== undefined, answer: { status: 403, body: '{"message":"forbidden"}' } });
    await started();
    engine.put(1, KILLED, 'die');
    engine.remove(2);
    await until(clock, () => row(1)?.state === 'failed' && !mirror.rows.has(idOf(2)));
    await until(clock, quiet);
    expect(row(1)?.state).toBe('failed');
  });

  it('fault 105: a proxy that has no inspect to give and says 404 takes no row away', async () => {
    engine.fault({ when: ({ id }) => id !== undefined, answer: { status: 404, body: '404 page not found' } });
    await started();
    engine.put(1, { name: 'renamed' }, 'rename');
    await until(clock, () => row(1)?.name === 'renamed');
    await until(clock, quiet);
    expect(mirror.rows.size).toBe(3);
  });

  it('fault 105: a hundred deaths at once cost an inspect for each, eight at a time, and no list for each', async () => {
    for (let n = 10; n < 110; n++) engine.put(n);
    engine.forget();
    await started(0);
    const [lists, inspects] = [asked('GET /containers/json'), asked('GET /containers/{id}/json')];
    for (let n = 10; n < 110; n++) engine.put(n, KILLED, 'die');
    await until(clock, () => [...Array(100).keys()].every((n) => row(n + 10)?.state === 'failed'));
    await until(clock, quiet);
    expect(asked('GET /containers/{id}/json') - inspects).toBeLessThanOrEqual(110);
    expect(asked('GET /containers/json') - lists).toBeLessThanOrEqual(5);
  });
});
