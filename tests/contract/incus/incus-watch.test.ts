import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { failure } from '#tests/fakes/incus.ts';
import { IncusServer, type ServerOptions, uuidOf } from '#tests/fakes/incus-server.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/incus/incus.ts';
import { list, Mirror, scopesOf, until } from '#tests/support/kubernetes/kubernetes.ts';

let clock: VirtualClock;
let server: IncusServer;
let connection: Connection;

beforeEach(() => {
  clock = new VirtualClock();
});

async function start(options: ServerOptions = {}, config: object = {}): Promise<void> {
  server = await IncusServer.start(options);
  onTestFinished(() => server.close());
  connection = await openSource({ host: server.address, ...config }, clock);
  onTestFinished(() => connection.close());
}

async function follow(scope: Scope, again = true): Promise<Mirror> {
  const mirror = Mirror.follow(connection, scope, again ? clock : undefined);
  onTestFinished(() => mirror.stop());
  await until(clock, () => mirror.listings.length > 0 || mirror.breaks.length > 0 || mirror.error !== undefined);
  return mirror;
}

const stateOf = (mirror: Mirror, name: string, project = 'default') =>
  mirror.rows.get(`${project}/${name}`)?.[0]?.nativeState;
const asked = (action: string) => server.requests.filter((request) => request.action === action).length;

describe('watch of a server', () => {
  it('fault 105: follows what happens to its instances by what it says of each, without another list', async () => {
    await start();
    server.put('web', {}, null);
    const mirror = await follow(await scopeOf(connection, 'instances'));
    expect(stateOf(mirror, 'web')).toBe('Running');
    server.put('web', { status: 'Frozen' }, 'instance-paused');
    await until(clock, () => stateOf(mirror, 'web') === 'Frozen');
    server.put('new', { project: 'lab' }, 'instance-created');
    await until(clock, () => stateOf(mirror, 'new', 'lab') === 'Running');
    server.rename('web', 'shop "one"\n');
    await until(clock, () => stateOf(mirror, 'shop "one"\n') === 'Frozen' && !mirror.rows.has('default/web'));
    server.remove('shop "one"\n');
    await until(clock, () => !mirror.rows.has('default/shop "one"\n'));
    expect(asked('GET /1.0/instances')).toBe(1);
    expect(mirror.error).toBeUndefined();
  });

  it('subscribes before it lists, so that nothing is lost between the two', async () => {
    await start();
    server.put('web', {}, null);
    server.fault({
      when: ({ action }) => {
        if (action !== 'GET /1.0/instances' || server.watching === 0) return false;
        // Behind the row that the list is about to tell.
        queueMicrotask(() => server.put('web', { status: 'Stopped' }, 'instance-stopped'));
        return false;
      },
      answer: 'reset',
    });
    const mirror = await follow(await scopeOf(connection, 'instances'));
    await until(clock, () => stateOf(mirror, 'web') === 'Stopped');
    expect(server.requests.findIndex(({ upgrade }) => upgrade)).toBeLessThan(
      server.requests.findIndex(({ action }) => action === 'GET /1.0/instances'),
    );
  });

  it('fault 106: throws a stream that breaks at once, and lists all behind the gap', async () => {
    await start();
    server.put('web', {}, null);
    const mirror = await follow(await scopeOf(connection, 'instances'));
    server.put('web', { status: 'Stopped' }, null);
    server.put('gone', {}, null);
    server.cut();
    await until(clock, () => mirror.breaks.length === 1 && mirror.listings.length === 2);
    expect(mirror.breaks[0]?.message).toContain('GET /1.0/events: closed the stream of events');
    expect(stateOf(mirror, 'web')).toBe('Stopped');
  });

  it('says that it lives on a day without events, and asks who answers', async () => {
    await start();
    const mirror = await follow(await scopeOf(connection, 'instances'));
    await clock.advance(31_000);
    await until(clock, () => mirror.heartbeats > 0);
    server.fingerprint = 'cd'.repeat(32);
    await clock.advance(31_000);
    await until(clock, () => mirror.error !== undefined);
    expect(mirror.error).toMatchObject({ kind: 'config', message: expect.stringContaining('another server answers') });
  });

  it('looks again at one that has no address yet, which no event tells', async () => {
    await start();
    const network = (address?: string) => ({
      state: {
        network: {
          eth0: {
            hwaddr: '10:66:6a:00:00:01',
            addresses: address ? [{ address, family: 'inet', scope: 'global' }] : [],
          },
        },
      },
    });
    const mirror = await follow(await scopeOf(connection, 'instances'));
    server.put('vm', { fields: { type: 'virtual-machine', ...network() } }, 'instance-started');
    await until(clock, () => stateOf(mirror, 'vm') === 'Running');
    server.put('vm', { fields: { type: 'virtual-machine', ...network('10.42.1.10') } }, null);
    await until(clock, () => mirror.rows.get('default/vm')?.[0]?.addresses?.[0] === '10.42.1.10');
  });

  it('lists once a minute where events are denied', async () => {
    await start();
    server.fault({ when: ({ action }) => action === 'GET /1.0/events', answer: failure(403, 'not authorized') });
    server.put('web', {}, null);
    const mirror = await follow(await scopeOf(connection, 'instances'));
    server.put('web', { status: 'Stopped' }, null);
    await clock.advance(60_000);
    await until(clock, () => stateOf(mirror, 'web') === 'Stopped');
    expect(mirror.error).toBeUndefined();
  });

  it('takes an event that it cannot understand for a gap, and lists again', async () => {
    await start();
    const mirror = await follow(await scopeOf(connection, 'instances'));
    server.send({ type: 'lifecycle', metadata: { source: '/1.0/instances/web' } });
    await until(clock, () => mirror.breaks.length === 1 && mirror.listings.length === 2);
    expect(mirror.breaks[0]).toMatchObject({ kind: 'bad-reply' });
    server.send('{"type":');
    await until(clock, () => mirror.breaks.length === 2 && mirror.listings.length === 3);
    // What somebody does inside of an instance is none of ours.
    const before = asked('GET /1.0/instances/{name}');
    server.emitLifecycle(server.put('web', {}, null), 'instance-exec');
    server.emitLifecycle(server.put('other', {}, null), 'instance-updated');
    await until(clock, () => stateOf(mirror, 'other') === 'Running');
    expect(asked('GET /1.0/instances/{name}') - before).toBe(1);
  });

  it('lists again when a profile changes, since its instances inherit it', async () => {
    await start();
    server.put('web', {}, null);
    const mirror = await follow(await scopeOf(connection, 'instances'));
    const metadata = { action: 'profile-updated', source: '/1.0/profiles/default' };
    server.send({ type: 'lifecycle', metadata, location: 'none', project: 'default' });
    await until(clock, () => mirror.listings.length === 2);
  });

  it('a failing look removes nothing', async () => {
    await start();
    server.put('web', {}, null);
    const mirror = await follow(await scopeOf(connection, 'instances'));
    const isLook = ({ action }: { action: string }) => action === 'GET /1.0/instances/{name}';
    server.fault({ when: isLook, times: 3, answer: { status: 404, body: '<html>no such page</html>' } });
    server.put('web', { status: 'Stopped' }, 'instance-stopped');
    await until(clock, () => mirror.error !== undefined || mirror.breaks.length > 0);
    expect(mirror.rows.has('default/web')).toBe(true);
  });
});

describe('a cluster of three', () => {
  const members = ['m1', 'm2', 'm3'];

  it('has a scope for each member, all of one list and one stream', async () => {
    await start({ members });
    for (const location of members) server.put(`on-${location}`, { location }, null);
    const scopes = (await scopesOf(connection)).filter(({ part }) => part !== 'members');
    expect(scopes.map(({ part }) => part)).toEqual(members.map((name) => `instances on ${name}`));
    const mirrors = scopes.map((scope) => Mirror.follow(connection, scope, clock));
    onTestFinished(async () => void (await Promise.all(mirrors.map((mirror) => mirror.stop()))));
    await until(clock, () => mirrors.every((mirror) => mirror.listings.length === 1));
    expect(mirrors.map(({ rows }) => [...rows.keys()])).toEqual(members.map((name) => [`default/on-${name}`]));
    expect([asked('GET /1.0/instances'), server.watching]).toEqual([1, 1]);
    const before = asked('GET /1.0/instances/{name}');
    server.put('on-m2', { location: 'm2', status: 'Frozen' }, 'instance-paused');
    await until(clock, () => mirrors[1] !== undefined && stateOf(mirrors[1], 'on-m2') === 'Frozen');
    expect(asked('GET /1.0/instances/{name}') - before).toBe(1);
  });

  it('moves the row of an instance that moves', async () => {
    await start({ members });
    server.put('web', { location: 'm1' }, null);
    const [one, two] = await Promise.all(
      ['m1', 'm2'].map(async (name) => follow(await scopeOf(connection, `instances on ${name}`))),
    );
    expect(one?.rows.has('default/web')).toBe(true);
    server.put('web', { location: 'm2' }, 'instance-migrated');
    await until(clock, () => one?.rows.has('default/web') === false && two?.rows.has('default/web') === true);
    const upserts = two?.upserts ?? 0;
    // Once more, since the store gives a row away only when its owner has said that it is gone.
    await clock.advance(1100);
    await until(clock, () => (two?.upserts ?? 0) > upserts);
  });

  it('a member that is offline holds back its own rows only', async () => {
    await start({ members });
    for (const location of members) server.put(`on-${location}`, { location }, null);
    const mirrors = await Promise.all(
      members.map(async (name) => follow(await scopeOf(connection, `instances on ${name}`))),
    );
    const rowOf = (at: number) => mirrors[at]?.rows.get(`default/on-m${at + 1}`)?.[0];
    const before = rowOf(1);
    server.members.set('m2', 'Offline');
    await clock.advance(31_000);
    await until(clock, () => (mirrors[1]?.breaks.length ?? 0) > 0);
    expect(mirrors[1]?.breaks[0]?.message).toContain('m2 is offline');
    expect(rowOf(1)).toEqual(before);
    server.put('on-m1', { location: 'm1', status: 'Stopped' }, 'instance-stopped');
    await until(clock, () => rowOf(0)?.nativeState === 'Stopped');
    expect([mirrors[0]?.breaks.length, mirrors[2]?.breaks.length]).toEqual([0, 0]);
    const hosts = await list(connection, await scopeOf(connection, 'members'));
    expect(hosts.complete).toBe(true);
    expect([...hosts.resources.values()].map(({ name, state }) => [name, state])).toEqual([
      ['m1', 'running'],
      ['m2', 'unknown'],
      ['m3', 'running'],
    ]);
    server.members.set('m2', 'Online');
    await until(clock, () => mirrors[1]?.listings.length === 2);
    expect(rowOf(1)).toEqual(before);
  });

  it('fault 5, fault 103: that does not tell its members any more is followed on, and lists again once it does', async () => {
    await start({ members });
    server.put('web', { location: 'm1' }, null);
    const mirror = await follow(await scopeOf(connection, 'instances on m1'));
    let broken = true;
    const isRoster = ({ action }: { action: string }) => broken && action === 'GET /1.0/cluster/members';
    server.fault({ when: isRoster, answer: failure(500, 'no luck') });
    await clock.advance(31_000);
    await until(clock, () => mirror.heartbeats > 0);
    server.put('web', { location: 'm1', status: 'Frozen' }, 'instance-paused');
    await until(clock, () => stateOf(mirror, 'web') === 'Frozen');
    expect([mirror.breaks.length, mirror.listings.length]).toEqual([0, 1]);
    broken = false;
    await clock.advance(61_000);
    await until(clock, () => mirror.listings.length === 2);
    expect(mirror.listings[1]?.detailErrors).toEqual([]);
  });

  it('an instance of which its member does not tell is no other one: its listing is incomplete', async () => {
    await start({ members });
    server.put('web', { location: 'm1' }, null);
    server.put('odd', { location: 'm1', config: null, status: 'Error' }, null);
    const listing = await list(connection, await scopeOf(connection, 'instances on m1'));
    expect(listing.complete).toBe(false);
    expect([...listing.resources.values()].map(({ name, uid }) => [name, uid])).toEqual([
      ['web', `${server.fingerprint}/${uuidOf('default/web')}`],
    ]);
  });

  it('is one account whichever member answers, and goes on by another one when one goes down', async () => {
    await start({ members });
    const other = await IncusServer.start({ members });
    onTestFinished(() => other.close());
    other.name = 'm2';
    for (const each of [server, other]) each.put('web', { location: 'm2' }, null);
    connection = await openSource({ hosts: [server.address, other.address] }, clock);
    onTestFinished(() => connection.close());
    const scopes = await scopesOf(connection);
    expect(new Set(scopes.map(({ account }) => account))).toEqual(new Set([server.fingerprint]));
    expect(scopes.length).toBe(4);
    const mirror = await follow(await scopeOf(connection, 'instances on m2'));
    expect(server.watching + other.watching).toBe(1);
    const [down, up] = server.watching === 1 ? [server, other] : [other, server];
    await down.close();
    await until(clock, () => mirror.listings.length === 2);
    up.put('web', { location: 'm2', status: 'Frozen' }, 'instance-paused');
    await until(clock, () => stateOf(mirror, 'web') === 'Frozen');
  });
});
