import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Connection, Logger } from '#providers/contract.ts';
import { DockerEngine, type EngineOptions } from '#tests/fakes/docker-engine.ts';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { list, scopesOf, until } from '#tests/support/kubernetes/kubernetes.ts';
import { silentLogger } from '#tests/support/log.ts';

describe('an engine on the wire', () => {
  let clock: VirtualClock;
  let folder: string;
  beforeEach(async () => {
    clock = new VirtualClock();
    folder = await mkdtemp(path.join(tmpdir(), 'muster-docker-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function start(options: Partial<EngineOptions> = {}): Promise<DockerEngine> {
    const engine = await DockerEngine.start({ now: () => clock.now(), ...options });
    onTestFinished(() => engine.close());
    for (let n = 1; n <= 3; n++) engine.put(n);
    return engine;
  }
  async function open(config: object, log?: Logger): Promise<Connection> {
    const connection = await openSource(config, clock, log);
    onTestFinished(() => connection.close());
    return connection;
  }
  /** Waits of retries pass at once. */
  async function finished<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    const mark = () => {
      done = true;
    };
    promise.then(mark, mark);
    await until(clock, () => done);
    return promise;
  }
  const read = async (connection: Connection, part = 'containers', account?: string) =>
    finished(list(connection, await scopeOf(connection, part, account)));
  const file = async (name: string, text: string) => {
    const where = path.join(folder, name);
    await writeFile(where, text);
    return where;
  };
  const verdict = (listing: Awaited<ReturnType<typeof read>>) => (listing.complete ? 'complete' : listing.reason.kind);
  const reasonOf = (listing: Awaited<ReturnType<typeof read>>) => (listing.complete ? '' : listing.reason.message);

  describe('version of the API', () => {
    const versions = (engine: DockerEngine) => new Set(engine.requests.map(({ version }) => version));

    it('a daemon older than the client is asked in its own version', async () => {
      const engine = await start();
      engine.api = '1.41';
      const connection = await open({ host: engine.address });
      expect(verdict(await read(connection))).toBe('complete');
      expect(versions(engine)).toEqual(new Set([null, '1.41']));
      expect(engine.requests[0]).toMatchObject({ action: 'GET /_ping', version: null });
    });

    it('a daemon newer than the client is asked in the newest version that is known', async () => {
      const engine = await start();
      engine.api = '1.99';
      const connection = await open({ host: engine.address });
      expect(verdict(await read(connection))).toBe('complete');
      expect(versions(engine)).toEqual(new Set([null, '1.56']));
    });

    it.each([
      ['too old for the client', '1.24', '1.12', 'API 1.24', '1.25'],
      ['too new for the client', '1.99', '1.60', 'API 1.99', '1.56'],
    ])('a daemon that is %s is unsupported, and both versions are named', async (_, api, minApi, theirs, ours) => {
      const engine = await start();
      Object.assign(engine, { api, minApi });
      const listing = await read(await open({ host: engine.address }));
      expect(verdict(listing)).toBe('unsupported');
      expect(reasonOf(listing)).toContain(theirs);
      expect(reasonOf(listing)).toContain(ours);
    });

    it('400 client version too new: a daemon that was replaced by an older one is asked which it speaks', async () => {
      const engine = await start();
      const connection = await open({ host: engine.address });
      expect(verdict(await read(connection))).toBe('complete');
      engine.api = '1.41';
      engine.requests.length = 0;
      expect(verdict(await read(connection))).toBe('complete');
      expect(engine.requests.slice(0, 3).map(({ action, version }) => [action, version])).toEqual([
        ['GET /info', '1.47'],
        ['GET /_ping', null],
        ['GET /info', '1.41'],
      ]);
    });

    it('something that is no engine is not taken for one', async () => {
      const engine = await start();
      engine.api = '';
      expect(verdict(await read(await open({ host: engine.address })))).toBe('bad-reply');
    });
  });

  it('listens on a unix socket, whatever DOCKER_HOST of the environment says', async () => {
    for (const [key, value] of [
      ['DOCKER_HOST', 'tcp://127.0.0.1:1'],
      ['DOCKER_TLS_VERIFY', '1'],
    ] as const)
      vi.stubEnv(key, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    const engine = await start({ path: path.join(folder, 'd.sock') });
    const listing = await read(await open({ host: `unix://${folder}/d.sock` }));
    expect(verdict(listing)).toBe('complete');
    expect(engine.requests.length).toBeGreaterThan(3);
  });

  it('loads as the collector loads it: by Node itself, which sees less of a CommonJS package than a test runner', async () => {
    const load =
      "import { openSource } from '#tests/support/docker/docker.ts'; await openSource({ host: 'unix:///none' });";
    const node = promisify(execFile)(process.execPath, ['--input-type=module', '-e', load], {
      cwd: path.resolve(import.meta.dirname, '../../..'),
    });
    await expect(node).resolves.toMatchObject({ stderr: '' });
  });

  it('a socket that is not there is an engine out of reach', async () => {
    const listing = await read(await open({ host: `unix://${folder}/none.sock` }));
    expect(verdict(listing)).toBe('network');
    expect(reasonOf(listing)).toContain('there is no such socket');
  });

  describe('over TLS', () => {
    const server = (certificate: keyof typeof CERTIFICATES) =>
      start({ tls: { key: SERVER_KEY, cert: CERTIFICATES[certificate], ca: AUTHORITY } });

    it('verifies the server and shows its own certificate', async () => {
      const engine = await server('good');
      const tls = {
        ca: await file('ca.pem', AUTHORITY),
        cert: await file('cert.pem', CERTIFICATES.good),
        key: await file('key.pem', SERVER_KEY),
      };
      expect(verdict(await read(await open({ host: engine.address, tls })))).toBe('complete');
      expect(engine.clients.length).toBeGreaterThan(0);
      expect(engine.clients.every((print) => /^([0-9A-F]{2}:?){32}$/.test(print))).toBe(true);
    });

    it.each(['expired', 'wrongHost', 'selfSigned'] as const)(
      'fault 47: docker: refuses a certificate that is %s',
      async (which) => {
        vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
        onTestFinished(() => void vi.unstubAllEnvs());
        const engine = await server(which);
        const listing = await read(await open({ host: engine.address, tls: { ca: await file('ca.pem', AUTHORITY) } }));
        expect(verdict(listing)).toBe('network');
        expect(reasonOf(listing)).toContain('TLS failed');
        expect(engine.requests).toEqual([]);
      },
    );

    it('fault 7: docker: takes a certificate that was rotated on disk, without a restart', async () => {
      const engine = await server('good');
      const ca = await file('ca.pem', CERTIFICATES.selfSigned);
      const connection = await open({ host: engine.address, tls: { ca } });
      expect(verdict(await read(connection))).toBe('network');
      await writeFile(ca, AUTHORITY);
      expect(verdict(await read(connection))).toBe('complete');
    });

    it('names the file that it cannot read', async () => {
      const engine = await server('good');
      const listing = await read(await open({ host: engine.address, tls: { ca: path.join(folder, 'none.pem') } }));
      expect(verdict(listing)).toBe('config');
      expect(reasonOf(listing)).toContain('none.pem');
    });
  });

  it('plain tcp to another machine says in its scopes and in the log that it is not encrypted', async () => {
    const events: string[] = [];
    const connection = await open(
      { host: 'tcp://192.0.2.1:2375', insecure: true },
      { ...silentLogger, warn: (event) => void events.push(event) },
    );
    expect((await scopesOf(connection)).map(({ label }) => label)).toEqual([
      'tcp://192.0.2.1:2375 host (not encrypted)',
      'tcp://192.0.2.1:2375 containers (not encrypted)',
    ]);
    expect(events).toContain('connection.not-encrypted');
  });

  it('fault 44: docker: engines that are down cost the others nothing', async () => {
    const engine = await start();
    const hosts = ['tcp://127.0.0.1:1', engine.address, 'tcp://127.0.0.1:2'];
    const connection = await open({ hosts });
    const [dead, live] = await Promise.all([
      read(connection, 'containers', hosts[0]),
      read(connection, 'containers', hosts[1]),
    ]);
    expect(dead && verdict(dead)).toBe('network');
    expect(live && verdict(live)).toBe('complete');
  });

  it('fault 25: docker: an engine under two addresses has the same rows under both', async () => {
    const engine = await start();
    const connection = await open({ hosts: [engine.address, engine.address.replace('127.0.0.1', 'localhost')] });
    const [first, second] = (await scopesOf(connection)).filter(({ part }) => part === 'containers');
    const uids = async (account: string | undefined) =>
      [...(await read(connection, 'containers', account)).resources.values()].map(({ uid }) => uid);
    expect(await uids(first?.account)).toEqual(await uids(second?.account));
  });

  it('knows a Podman by what it says, and gives it an id that stays', async () => {
    const engine = await start();
    engine.podman = true;
    const connection = await open({ host: engine.address });
    const uids = async () => [...(await read(connection)).resources.values()].map(({ uid }) => uid);
    const first = await uids();
    expect(first[0]).toContain(`podman/dock-1/${engine.address}/`);
    expect(await uids()).toEqual(first);
  });

  it('an empty list is believed where the engine counts no container', async () => {
    const engine = await start();
    engine.containers.clear();
    const connection = await open({ host: engine.address });
    expect(verdict(await read(connection))).toBe('complete');
    engine.counted = 3;
    expect(verdict(await read(connection))).toBe('bad-reply');
  });

  describe('details', () => {
    const inspects = (engine: DockerEngine) =>
      engine.requests.filter(({ action }) => action === 'GET /containers/{id}/json').length;

    it('are asked for once, again after a restart that the list shows, and after a quarter of an hour', async () => {
      const engine = await start();
      const connection = await open({ host: engine.address });
      await read(connection);
      expect(inspects(engine)).toBe(3);
      await clock.advance(60_000);
      engine.put(1, { status: 'Up 6 minutes' });
      engine.put(2, { status: 'Up 3 seconds' });
      engine.put(3, { state: 'paused', status: 'Up 6 minutes (Paused)' });
      await read(connection);
      expect(inspects(engine)).toBe(5);
      await clock.advance(16 * 60_000);
      await read(connection);
      expect(inspects(engine)).toBe(8);
    });

    it.each([
      [404, 'has just gone'],
      [500, 'the engine stumbles over'],
    ])('answered with %i for one container that %s leave its row and the others', async (status) => {
      const engine = await start();
      engine.fault({ when: ({ id }) => id?.endsWith('2') ?? false, answer: { status, body: '{"message":"no"}' } });
      const listing = await read(await open({ host: engine.address }));
      expect(verdict(listing)).toBe('complete');
      expect(listing.resources.size).toBe(3);
      expect([...listing.unknown.keys()]).toEqual([`${engine.id}/${'2'.padStart(64, '0')}`]);
    });

    it('fault 5, fault 103: that break off in the middle leave the rows as they are, and say so', async () => {
      const engine = await start();
      engine.fault({ when: ({ id }) => id !== undefined, answer: 'reset' });
      const listing = await read(await open({ host: engine.address }));
      expect(verdict(listing)).toBe('complete');
      expect(listing.resources.size).toBe(engine.containers.size);
      expect(listing.detailErrors).toMatchObject([{ call: 'GET /containers/{id}/json', kind: 'network' }]);
    });

    it('refused for one are not asked for 500 times', async () => {
      const engine = await start();
      for (let n = 1; n <= 500; n++) engine.put(n);
      engine.fault({ when: ({ id }) => id !== undefined, answer: { status: 403, body: 'Forbidden' } });
      const listing = await read(await open({ host: engine.address }));
      expect(verdict(listing)).toBe('complete');
      expect(listing.unknown.size).toBe(500);
      expect(inspects(engine)).toBeLessThanOrEqual(8);
    });

    it('500 containers are inspected once and come from memory after that, over few connections', async () => {
      const engine = await start();
      for (let n = 1; n <= 500; n++) engine.put(n);
      const connection = await open({ host: engine.address });
      for (const _ of ['first', 'again']) {
        expect((await read(connection)).resources.size).toBe(500);
        expect(inspects(engine)).toBe(500);
      }
      expect(engine.connections).toBeLessThanOrEqual(16);
    });
  });
});
