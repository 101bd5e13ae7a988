import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { DockerEngine, type EngineRequest } from '#tests/fakes/docker-engine.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { Mirror, until } from '#tests/support/kubernetes/kubernetes.ts';

const idOf = (n: number) => n.toString(16).padStart(64, '0');

describe('watch of an engine whose containers cannot be inspected', () => {
  let clock: VirtualClock;
  let engine: DockerEngine;
  let connection: Connection;
  let containers: Scope;
  let mirror: Mirror;

  beforeEach(async () => {
    clock = new VirtualClock();
    engine = await DockerEngine.start({ now: () => clock.now() });
    onTestFinished(() => engine.close());
    for (let n = 1; n <= 3; n++) engine.put(n);
    engine.forget();
    connection = await openSource({ host: engine.address }, clock);
    onTestFinished(() => connection.close());
    containers = await scopeOf(connection, 'containers');
  });

  const inspects = () => engine.requests.filter((r) => r.action === 'GET /containers/{id}/json').length;
  const expected = () => [...engine.containers.keys()].map((id) => `${engine.id}/${id}`).sort();
  const agrees = () => JSON.stringify(mirror.uids()) === JSON.stringify(expected());
  const row = (n: number) => mirror.rows.get(idOf(n))?.[0];

  async function started(): Promise<void> {
    mirror = Mirror.follow(connection, containers);
    onTestFinished(() => mirror.stop());
    await until(clock, () => engine.watching === 1 && mirror.listings.length === 1);
  }

  it('fault 5, fault 103: containers that cannot be inspected are listed and followed, and have their details once that works', async () => {
    engine.put(1, { memory: 512 * 1024 * 1024 });
    let broken = true;
    const isInspect = ({ action }: EngineRequest) => action === 'GET /containers/{id}/json';
    engine.fault({
      when: (request) => broken && isInspect(request),
      answer: { status: 500, body: '{"message":"stuck"}' },
    });
    await started();
    expect(mirror.uids()).toEqual(expected());
    expect(mirror.listings[0]?.complete).toBe(true);
    expect(mirror.listings[0]?.detailErrors).toMatchObject([
      { call: 'GET /containers/{id}/json', kind: 'network', message: 'answers 500: stuck' },
    ]);
    const before = inspects();
    engine.put(4);
    await until(clock, agrees);
    engine.put(1, { state: 'exited', status: 'Exited (0) 1 second ago' }, 'die');
    await until(clock, () => row(1)?.state === 'stopped');
    // The new one was asked for once; the others wait for their time.
    expect(inspects() - before).toBeLessThanOrEqual(3);
    broken = false;
    await clock.advance(46_000);
    engine.tick();
    await until(clock, () => mirror.listings.length === 2);
    expect(mirror.listings[1]?.detailErrors).toEqual([]);
    expect(row(1)?.limits).toEqual({ cpu: null, memory: 512 });
  });
});
