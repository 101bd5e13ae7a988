import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection } from '#providers/contract.ts';
import { DockerEngine } from '#tests/fakes/docker-engine.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { Mirror, until } from '#tests/support/kubernetes/kubernetes.ts';

const idOf = (n: number) => n.toString(16).padStart(64, '0');

describe('states of a watched engine', () => {
  let clock: VirtualClock;
  let engine: DockerEngine;
  let connection: Connection;
  let mirror: Mirror;

  beforeEach(async () => {
    clock = new VirtualClock();
    engine = await DockerEngine.start({ now: () => clock.now() });
    engine.put(1);
    connection = await openSource({ host: engine.address }, clock);
    mirror = Mirror.follow(connection, await scopeOf(connection, 'containers'), clock);
    await until(clock, () => engine.watching === 1 && mirror.listings.length === 1);
  });

  afterEach(async () => {
    await mirror.stop();
    await connection.close();
    await engine.close();
  });

  const row = (n: number) => mirror.rows.get(idOf(n))?.[0];

  it('fault 107: health is told as readiness, also where only inspect knows it and where no event tells of it', async () => {
    engine.put(1, { health: 'unhealthy' }, 'health_status: unhealthy');
    await until(clock, () => row(1)?.ready === false);
    expect(row(1)).toMatchObject({ state: 'running', stateReason: null, readyReason: 'unhealthy' });
    engine.put(1, { health: null, status: 'Up 5 minutes (health: starting)' }, 'health_status: starting');
    await until(clock, () => row(1)?.readyReason === 'starting');
    const quiet = engine.containers.get(idOf(1));
    if (!quiet) throw new Error('no container');
    Object.assign(quiet, { health: 'healthy', status: 'Up 5 minutes (healthy)' });
    engine.cut('end');
    await until(clock, () => row(1)?.ready === true);
    expect(row(1)?.readyReason).toBeNull();
  });

  it('fault 109: a container that could not be started says why, and one in a crash loop has failed', async () => {
    const error =
      'OCI runtime create failed: unable to start container process: exec: "serve": executable file not found in $PATH';
    engine.put(4, { state: 'created', status: 'Created', exitCode: 127, error }, 'die');
    engine.put(5, { state: 'created', status: 'Created' }, 'create');
    engine.put(1, { state: 'restarting', status: 'Restarting (3) 1 second ago', exitCode: 3 }, 'die');
    await until(clock, () => row(5) !== undefined && row(1)?.nativeState === 'restarting');
    expect(row(4)).toMatchObject({
      state: 'failed',
      nativeState: 'created',
      stateReason: 'exec: "serve": executable file not found in $PATH',
    });
    expect(row(5)).toMatchObject({ state: 'starting', stateReason: 'created, never started' });
    expect(row(1)).toMatchObject({ state: 'failed', stateReason: 'exit code 3' });
  });
});
