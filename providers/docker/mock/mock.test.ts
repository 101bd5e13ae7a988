import { expect, it } from 'vitest';
import { fleetOf } from '#lib/demo/index.ts';
import type { Connection } from '#providers/contract.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { list, Mirror, scopesOf, until } from '#tests/support/kubernetes/kubernetes.ts';

const mock = { seed: 3, resources: 20_000, faults: true };

async function withMock(config: object, run: (connection: Connection, clock: VirtualClock) => Promise<void>) {
  const clock = new VirtualClock();
  const connection = await openSource({ ...config, mock }, clock);
  try {
    await run(connection, clock);
  } finally {
    await connection.close();
  }
}

it('has every engine of the fleet, with its capacity and its containers', () =>
  withMock({}, async (connection, clock) => {
    const hosts = fleetOf(mock).dockerHosts();
    const scopes = await scopesOf(connection);
    expect(scopes).toHaveLength(2 * hosts.length);
    for (const scope of scopes) {
      const listing = await list(connection, scope);
      const host = hosts.find(({ address }) => address === scope.account);
      expect(listing.complete).toBe(true);
      if (scope.part === 'host')
        expect([...listing.resources.values()][0]).toMatchObject({ uid: host?.id, vcpus: host?.ncpu });
      else
        expect(listing.resources.size).toBe(
          [
            ...fleetOf(mock)
              .at(clock.now())
              .dockerContainers(host ?? fail()),
          ].length,
        );
    }
  }));

it('gives its engines the names of the configuration', () =>
  withMock({ hosts: ['unix:///a', 'unix:///b'] }, async (connection) => {
    expect((await scopesOf(connection)).map(({ account }) => account)).toEqual([
      'unix:///a',
      'unix:///a',
      'unix:///b',
      'unix:///b',
    ]);
  }));

it('tells what changes: a follower of two hours has what a new listing has', () =>
  withMock({ host: 'unix:///a' }, async (connection, clock) => {
    const containers = await scopeOf(connection, 'containers');
    const mirror = Mirror.follow(connection, containers);
    await until(clock, () => mirror.listings.length === 1);
    for (let minute = 0; minute < 120; minute++) await clock.advance(60_000);
    await until(clock, () => mirror.heartbeats > 100);
    const fresh = await list(connection, containers);
    const rows = [...mirror.rows.values()].flat().sort((a, b) => (a.uid < b.uid ? -1 : 1));
    const wanted = [...fresh.resources.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
    expect(rows).toEqual(wanted);
    expect(mirror.listings).toHaveLength(1);
    await mirror.stop();
  }));

function fail(): never {
  throw new Error('a scope of no engine');
}
