import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import { systemClock } from '#lib/runtime/clock.ts';
import type { Connection } from '#providers/contract.ts';
import { adapter } from '#providers/docker/adapter.ts';
import { docker } from '#providers/docker/index.ts';
import type { Engine } from '#tests/support/docker/docker-engine.ts';
import { killContainers } from '#tests/support/docker/docker-kills.ts';
import { PODMAN_HOST, startPodman, whyNoPodman } from '#tests/support/docker/podman-engine.ts';
import { list, Mirror, scopesOf } from '#tests/support/kubernetes/kubernetes.ts';
import { silentLogger } from '#tests/support/log.ts';

const reason = whyNoPodman();
const title = reason ? `a real Podman (left out: ${reason})` : 'a real Podman';
const SOON = { timeout: 20_000, interval: 50 };

describe.skipIf(reason !== null)(title, { timeout: 120_000 }, () => {
  let engine: Engine;
  let connection: Connection;
  let containers: Scope;
  let host: Scope;

  beforeAll(async () => {
    engine = await startPodman();
    connection = await adapter.open(docker.config.parse({ host: `unix://${engine.socket}` }), {
      source: 'here',
      log: silentLogger,
      clock: systemClock,
      random: Math.random,
    });
    const scopes = await scopesOf(connection);
    containers = scopes.find((scope) => scope.part === 'containers') as Scope;
    host = scopes.find((scope) => scope.part === 'host') as Scope;
  }, 120_000);
  afterAll(async () => {
    await connection?.close();
    await engine?.stop();
  }, 120_000);

  /** A container that runs a script; what it says decides how long it lives and how it ends. */
  async function run(name: string, script: string, start = true) {
    const Cmd = ['/busybox', 'sh', '-c', script];
    const options = { name, Image: 'muster/busybox:1', Cmd, HostConfig: PODMAN_HOST, Labels: { api_token: 'y' } };
    const made = await engine.docker.createContainer({ ...options, Env: ['SECRET=canary-of-the-test'] });
    if (start) await made.start();
    return made;
  }

  it('lists the machine it runs on as one host, the same each time', async () => {
    const info = await engine.docker.info();
    const first = [...(await list(connection, host)).resources.values()];
    expect(first).toEqual([expect.objectContaining({ kind: 'host', name: info.Name, vcpus: info.NCPU })]);
    const [again] = [...(await list(connection, host)).resources.values()];
    expect(again?.uid).toBe(first[0]?.uid);
  });

  it('lists containers in their states, with how they ended, and none of their secrets', async () => {
    await run('made', 'true', false);
    await run('lives', '/busybox sleep 100000');
    await (await run('fails', 'exit 3')).wait();
    await (await run('ends', 'exit 0')).wait();
    const listing = await list(connection, containers);
    expect(listing.complete).toBe(true);
    const rows = [...listing.resources.values()];
    expect(Object.fromEntries(rows.map((row) => [row.name, [row.state, row.stateReason]]))).toEqual({
      made: ['starting', 'created, never started'],
      lives: ['running', null],
      fails: ['failed', 'exit code 3'],
      ends: ['stopped', null],
    });
    expect(rows.every(({ tags }) => tags.api_token === '[redacted]')).toBe(true);
    expect(JSON.stringify(rows)).not.toContain('canary-of-the-test');
  });

  it('follows what happens to containers, from its events', async () => {
    const mirror = Mirror.follow(connection, containers);
    const state = (id: string) => mirror.rows.get(id)?.[0]?.state;
    try {
      await expect.poll(() => mirror.listings.length, SOON).toBe(1);
      const made = await run('followed', '/busybox sleep 100000');
      await expect.poll(() => state(made.id), SOON).toBe('running');
      await made.kill();
      await expect.poll(() => state(made.id), SOON).toBe('failed');
      await made.start();
      await expect.poll(() => state(made.id), SOON).toBe('running');
      await made.remove({ force: true });
      await expect.poll(() => mirror.rows.has(made.id), SOON).toBe(false);
      expect(mirror.listings).toHaveLength(1);
      expect(mirror.error).toBeUndefined();
    } finally {
      await mirror.stop();
    }
  });

  it('fault 105: loses none of eight kills on a busy machine', async () => {
    const kills = { count: 8, atOnce: 4, busy: 4, hostConfig: PODMAN_HOST };
    expect((await killContainers(engine, kills)).lost).toBe(0);
  });
});
