import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Scope } from '#lib/model/index.ts';
import type { Connection, Permission } from '#providers/contract.ts';
import { failure, sync } from '#tests/fakes/incus.ts';
import { type Fault, FINGERPRINT, fingerprintOf, IncusServer, type ServerOptions } from '#tests/fakes/incus-server.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/incus/incus.ts';
import { list, Mirror, scopesOf, until } from '#tests/support/kubernetes/kubernetes.ts';

let clock: VirtualClock;
let folder: string;

beforeEach(() => {
  clock = new VirtualClock();
  folder = mkdtempSync(path.join(tmpdir(), 'muster-incus-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

async function start(options: ServerOptions = {}): Promise<IncusServer> {
  const server = await IncusServer.start(options);
  onTestFinished(() => server.close());
  return server;
}

async function open(config: object): Promise<Connection> {
  const connection = await openSource(config, clock);
  onTestFinished(() => connection.close());
  return connection;
}

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

/** Sleeps of a retry are the clock's: it is moved until the promise settles. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let over = false;
  const end = () => {
    over = true;
  };
  promise.then(end, end);
  await until(clock, () => over);
  return promise;
}

/** What became of the source's scopes: for one that has not said who it is, why. */
async function told(connection: Connection): Promise<string[]> {
  const scopes = await settled(scopesOf(connection));
  return Promise.all(
    scopes.map(async (scope) => {
      const listing = await settled(list(connection, scope));
      return `${scope.part}: ${listing.complete ? 'complete' : `${listing.reason.kind} ${listing.reason.message}`}`;
    }),
  );
}

describe('a server over TLS', () => {
  const tls = { key: SERVER_KEY, cert: CERTIFICATES.selfSigned };
  const own = () => ({ cert: file('cert.pem', CERTIFICATES.good), key: file('key.pem', SERVER_KEY) });

  it('is known by the fingerprint of its certificate, and knows us by ours', async () => {
    const server = await start({ tls });
    server.put('web', {}, null);
    const fingerprint = fingerprintOf(tls.cert)
      .toUpperCase()
      .replace(/..(?=.)/g, '$&:');
    const connection = await open({ host: server.address, tls: { ...own(), fingerprint } });
    const mirror = Mirror.follow(connection, await scopeOf(connection, 'instances'), clock);
    onTestFinished(() => mirror.stop());
    await until(clock, () => mirror.listings.length === 1);
    server.put('web', { status: 'Frozen' }, 'instance-paused');
    await until(clock, () => mirror.rows.get('default/web')?.[0]?.nativeState === 'Frozen');
    expect(new Set(server.clients.map((shown) => shown.replaceAll(':', '').toLowerCase()))).toEqual(
      new Set([fingerprintOf(CERTIFICATES.good)]),
    );
  });

  it('that shows another certificate is asked nothing', async () => {
    const server = await start({ tls });
    const connection = await open({ host: server.address, tls: { ...own(), fingerprint: '0'.repeat(64) } });
    const [said] = await told(connection);
    expect(said).toMatch(/^discovery: config .*shows another certificate \(SHA-256 [0-9a-f]{12}…\)/);
    expect(server.requests).toEqual([]);
  });

  it('that nobody vouches for is asked nothing, whatever the environment says; one of a named authority is', async () => {
    const server = await start({ tls });
    expect((await told(await open({ host: server.address, tls: own() })))[0]).toMatch(
      /^discovery: network .*TLS failed/,
    );
    expect(server.requests).toEqual([]);
    const signed = await start({ tls: { ...tls, cert: CERTIFICATES.good } });
    const connection = await open({ host: signed.address, tls: { ...own(), ca: file('ca.pem', AUTHORITY) } });
    expect(await told(connection)).toEqual(['members: complete', 'instances: complete']);
  });

  it('whose files are not there says which', async () => {
    const server = await start({ tls });
    const files = { cert: path.join(folder, 'none.pem'), key: path.join(folder, 'none.key') };
    const [said] = await told(await open({ host: server.address, tls: { ...files, fingerprint: FINGERPRINT } }));
    expect(said).toContain(`${files.cert} could not be read`);
  });
});

describe('a server', () => {
  it('fault 111: behind a socket is listed, and the row of the own machine says so', async () => {
    const socket = path.join(folder, 'unix.socket');
    const server = await start({ path: socket });
    server.put('web', {}, null);
    const machine = {
      hostname: 'box',
      kernel: '6.12.0',
      memory: 16_384,
      installed: null,
      bootId: 'boot-1',
      machineId: 'machine-1',
    };
    const connection = await openSource({ host: `unix://${socket}` }, clock, { machine: () => machine });
    onTestFinished(() => connection.close());
    const [host] = [...(await list(connection, await scopeOf(connection, 'members'))).resources.values()];
    expect(host?.identities).toContainEqual({ type: 'boot-id', value: 'boot-1' });
    expect(host).toMatchObject({
      kind: 'host',
      name: 'box',
      allocatable: { cpu: 8, memory: 16_384 },
      physical: { cpu: 8, memory: 16_384 },
      os: 'Debian GNU/Linux 12',
    });
    const [row] = [...(await list(connection, await scopeOf(connection, 'instances'))).resources.values()];
    expect(host?.identities).toContainEqual(row?.hostedBy[0]);
  });

  it('whose socket is not there says so, and what is known from before stays', async () => {
    const socket = path.join(folder, 'unix.socket');
    const kept = new Map<string, unknown>();
    const cache = {
      get: async (key: string) => structuredClone(kept.get(key)) as never,
      set: async (key: string, value: unknown) => void kept.set(key, value),
    };
    const first = await openSource({ host: `unix://${socket}` }, clock, { cache });
    onTestFinished(() => first.close());
    expect((await told(first))[0]).toContain('there is no such socket; is the server running?');
    const server = await IncusServer.start({ path: socket });
    expect(await told(first)).toEqual(['members: complete', 'instances: complete']);
    await server.close();
    const later = await openSource({ host: `unix://${socket}` }, clock, { cache });
    onTestFinished(() => later.close());
    expect((await told(later)).map((text) => text.split(' ', 2).join(' '))).toEqual([
      'members: network',
      'instances: network',
    ]);
  });

  it('that is down leaves the others of its source alone', async () => {
    const up = await start();
    const connection = await open({ hosts: ['http://127.0.0.1:1', up.address] });
    const said = await told(connection);
    expect(said.map((text) => text.split(' ', 2).join(' '))).toEqual([
      'members: complete',
      'instances: complete',
      'discovery: network',
    ]);
  });

  it('that does not trust us says what to do', async () => {
    const server = await start();
    server.auth = 'untrusted';
    const [said] = await told(await open({ host: server.address }));
    expect(said).toMatch(/^discovery: auth .*does not trust the certificate of the client: add it/);
  });

  it.each(['instance_all_projects', 'instance_get_full', 'event_project', 'event_lifecycle'])(
    'without the extension %s would tell less in silence: it is refused',
    async (extension) => {
      const server = await start();
      server.extensions = server.extensions.filter((each) => each !== extension);
      const [said] = await told(await open({ host: server.address }));
      expect(said).toContain(`unsupported ${server.address}: GET /1.0: lacks the API extension ${extension}`);
    },
  );

  it('without the extensions that came later is listed', async () => {
    const server = await start();
    expect(server.extensions).not.toContain('instances_state_total');
    expect(await told(await open({ host: server.address }))).toEqual(['members: complete', 'instances: complete']);
  });

  it('that answers a page, an error in the right shape, or no envelope is no server without instances', async () => {
    const server = await start();
    server.put('web', {}, null);
    const connection = await open({ host: server.address });
    const scope = await scopeOf(connection, 'instances');
    for (const answer of [
      { body: '<html>log in</html>' },
      { body: '[]' },
      { body: '{"type":"async","metadata":[]}' },
      { body: '{"type":"sync","metadata":{}}' },
      failure(200, 'so so'),
    ]) {
      server.fault({ when: ({ action }) => action === 'GET /1.0/instances', times: 1, answer });
      expect((await settled(list(connection, scope))).complete, answer.body?.toString()).toBe(false);
    }
    expect((await list(connection, scope)).resources.size).toBe(1);
  });
});

it('fault 102: a list that Go writes as null in the envelope of the API is an empty one, and none without it', async () => {
  const server = await start();
  const connection = await open({ host: server.address });
  const scope = await scopeOf(connection, 'instances');
  const isList = ({ action }: { action: string }) => action === 'GET /1.0/instances';
  server.fault({ when: isList, times: 1, answer: sync(null) });
  const empty = await list(connection, scope);
  expect([empty.complete, empty.resources.size]).toEqual([true, 0]);
  for (const body of ['null', '{"type":"sync"}', '{"metadata":null}', '{"type":"error","metadata":null}']) {
    server.fault({ when: isList, times: 1, answer: { body } });
    expect(await list(connection, scope), body).toMatchObject({ complete: false, reason: { kind: 'bad-reply' } });
  }
});

describe('a cluster that does not tell its members', () => {
  const members = ['m1', 'm2'];
  const isRoster = ({ action }: { action: string }) => action === 'GET /1.0/cluster/members';
  const partOf = (scopes: readonly Scope[], part: string): Scope => {
    const found = scopes.find((scope) => scope.part === part);
    if (!found) throw new Error(`no scope of ${part}`);
    return found;
  };

  it.each<[string, Fault['answer']]>([
    ['answers 500', failure(500, 'no luck')],
    ['answers nonsense', { body: '<html>log in</html>' }],
    ['breaks off', 'reset'],
  ])('fault 5, fault 103: and %s from the first start on has all its instances in one scope', async (_, answer) => {
    const server = await start({ members });
    for (const location of members) server.put(`on-${location}`, { location }, null);
    server.fault({ when: isRoster, answer });
    const connection = await open({ host: server.address });
    const scopes = await settled(scopesOf(connection));
    expect(scopes.map(({ part }) => part)).toEqual(['members', 'instances']);
    const listing = await settled(list(connection, partOf(scopes, 'instances')));
    expect(listing.complete).toBe(true);
    expect([...listing.resources.values()].map(({ name, state }) => [name, state])).toEqual([
      ['on-m1', 'running'],
      ['on-m2', 'running'],
    ]);
  });

  it('fault 5, fault 103: later has those of before, whose instances are listed, and says which call fails', async () => {
    const server = await start({ members });
    for (const location of members) server.put(`on-${location}`, { location }, null);
    const connection = await open({ host: server.address });
    const before = await scopesOf(connection);
    server.fault({ when: isRoster, answer: failure(500, 'no luck') });
    expect(await settled(scopesOf(connection))).toEqual(before);
    const listing = await settled(list(connection, partOf(before, 'instances on m2')));
    expect([...listing.resources.values()].map(({ name }) => name)).toEqual(['on-m2']);
    expect(listing).toMatchObject({
      complete: true,
      detailErrors: [{ call: 'GET /1.0/cluster/members', message: expect.stringContaining('answers 500: no luck') }],
    });
  });
});

describe('projects', () => {
  it('are all of them, or those that are named, each in a scope and with events of its own', async () => {
    const server = await start();
    for (const project of ['shop', 'lab', 'other']) server.put('web', { project }, null);
    const all = await open({ host: server.address });
    expect((await list(all, await scopeOf(all, 'instances'))).resources.size).toBe(3);
    const some = await open({ host: server.address, projects: ['shop', 'lab'] });
    const mirror = Mirror.follow(some, await scopeOf(some, 'instances of lab'), clock);
    onTestFinished(() => mirror.stop());
    await until(clock, () => mirror.listings.length === 1);
    expect([...mirror.rows.keys()]).toEqual(['lab/web']);
    server.put('web', { project: 'other', status: 'Stopped' }, 'instance-stopped');
    server.put('web', { project: 'lab', status: 'Stopped' }, 'instance-stopped');
    await until(clock, () => mirror.rows.get('lab/web')?.[0]?.state === 'stopped');
    expect(mirror.rows.size).toBe(1);
  });

  it('one that is denied, or that LXD 5.0 lists nothing of since it is not there, fails alone', async () => {
    const server = await start();
    server.put('web', { project: 'shop' }, null);
    server.fault({
      when: ({ action, query }) => action === 'GET /1.0/instances' && query.get('project') === 'secret',
      answer: failure(403, 'Certificate is restricted'),
    });
    const connection = await open({ host: server.address, projects: ['shop', 'secret', 'nowhere'] });
    expect(await told(connection)).toEqual([
      'members: complete',
      'instances of shop: complete',
      expect.stringMatching(
        /^instances of secret: permission .*answered 403: Certificate is restricted; name the projects/,
      ),
      expect.stringMatching(/^instances of nowhere: permission .*project nowhere is not there, or not shown/),
    ]);
  });

  it('a restricted certificate that asks for all is told to name them', async () => {
    const server = await start();
    server.fault({
      when: ({ query }) => query.get('all-projects') === 'true',
      answer: failure(403, 'Certificate is restricted'),
    });
    const connection = await open({ host: server.address });
    expect(await told(connection)).toEqual([
      'members: complete',
      expect.stringContaining('name the projects that it may see in projects'),
    ]);
    const permissions: Permission[] = [];
    const { signal } = new AbortController();
    for await (const permission of connection.permissions({ signal })) permissions.push(permission);
    expect(permissions.filter(({ state }) => state === 'denied').map(({ action }) => action)).toEqual([
      'GET /1.0/instances',
      'GET /1.0/events',
    ]);
  });
});

it('names with quotes, newlines, colours and the API’s own words in them are names', async () => {
  const server = await start();
  const names = ['a"b', "it's", 'two\nlines', '\u001b[31mred', 'web?project=lab', '../1.0', '<inaccessible>', 'ü/%2F'];
  for (const name of names) server.put(name, {}, null);
  const connection = await open({ host: server.address });
  const mirror = Mirror.follow(connection, await scopeOf(connection, 'instances'), clock);
  onTestFinished(() => mirror.stop());
  await until(clock, () => mirror.listings.length === 1);
  expect([...mirror.rows.values()].map(([row]) => row?.name).sort()).toEqual([...names].sort());
  for (const name of names) server.put(name, { status: 'Frozen' }, 'instance-paused');
  await until(clock, () => [...mirror.rows.values()].every(([row]) => row?.state === 'suspended'));
  expect(mirror.rows.size).toBe(names.length);
});
