import { type AddressInfo, createServer } from 'node:net';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownMachine } from '#lib/collector/own-machine.ts';
import { incus } from '#providers/incus/index.ts';
import { CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';
import { type RealLxd, startLxd, whyNoLxd } from '#tests/support/incus/real-lxd.ts';
import { collectLive, type LiveCollector } from '#tests/support/live-collector.ts';

const reason = whyNoLxd();
/** A second on a machine that has time; this one may have none. */
const SOON = { timeout: 20_000, interval: 20 };

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

describe.skipIf(reason !== null)(
  reason === null ? 'a real LXD' : `a real LXD (left out: ${reason})`,
  { timeout: 120_000 },
  () => {
    let lxd: RealLxd;
    let collector: LiveCollector;

    beforeAll(async () => {
      lxd = await startLxd();
      const limits = ['-c', 'limits.cpu=1', '-c', 'limits.memory=64MiB'];
      lxd.lxc('init', 'busybox', 'web', ...limits, '-c', 'user.team=payments', '-c', 'environment.SECRET=canary-of-it');
      lxd.lxc('config', 'set', 'web', 'user.user-data=canary-of-it', 'security.nesting=true');
      lxd.lxc('start', 'web');
      lxd.lxc('init', 'busybox', 'idle');
      lxd.lxc('snapshot', 'idle', 'first');
      lxd.lxc('project', 'create', 'lab', '-c', 'features.images=false', '-c', 'features.profiles=false');
      lxd.lxc('init', 'busybox', 'test', '--project', 'lab');
      collector = await collectLive(incus, { host: `unix://${lxd.socket}` });
    }, 120_000);
    afterAll(async () => {
      await collector?.stop();
      await lxd?.stop();
    }, 120_000);

    const states = async () => Object.values(await collector.scopes()).map(({ state }) => state);
    const rowOf = async (name: string) => (await collector.rows()).get(name);
    const stateOf = async (name: string) => (await rowOf(name))?.state;

    it('lists its instances of all projects, and the machine it runs on', async () => {
      await expect.poll(states, SOON).toEqual(['fresh', 'fresh']);
      const rows = await collector.rows();
      expect([...rows.keys()].sort()).toEqual([hostname(), 'idle', 'test', 'web'].sort());
      expect(rows.get('web')).toMatchObject({
        kind: 'container',
        state: 'running',
        nativeState: 'Running',
        limits: { cpu: 1, memory: 64 },
        namespace: 'default',
        type: 'default',
        isolation: 'nesting',
        image: 'busybox',
        os: 'busybox 1',
        zone: null,
      });
      expect({ ...rows.get('web')?.tags }).toEqual({ team: 'payments' });
      expect(rows.get('idle')).toMatchObject({ state: 'starting', stateReason: 'created, never started' });
      expect(rows.get('test')?.namespace).toBe('lab');
      const host = rows.get(hostname());
      expect(host?.kind).toBe('host');
      expect(host?.allocatable?.cpu).toBeGreaterThan(0);
      expect(host?.identities).toContainEqual(rows.get('web')?.hostedBy[0]);
      // Behind a local socket it is this machine, which has one boot id.
      expect(host?.identities).toContainEqual({ type: 'boot-id', value: ownMachine()?.bootId });
      expect(JSON.stringify([...rows.values()])).not.toContain('canary-of-it');
    });

    it('follows a start, a freeze, a stop, a new name and a removal, from its events', async () => {
      const seen = async (name: string, state: string | undefined, ...command: string[]) => {
        lxd.lxc(...command);
        await expect.poll(() => stateOf(name), SOON).toBe(state);
      };
      await seen('new', 'starting', 'init', 'busybox', 'new');
      await seen('new', 'running', 'start', 'new');
      await seen('new', 'suspended', 'pause', 'new');
      await seen('new', 'running', 'start', 'new');
      await seen('new', 'stopped', 'stop', '--force', 'new');
      await seen('newer', 'stopped', 'rename', 'new', 'newer');
      expect(await rowOf('new')).toBeUndefined();
      await seen('newer', undefined, 'delete', 'newer');
      await seen('test', 'running', 'start', '--project', 'lab', 'test');
    });

    it('is listed over TLS by a restricted certificate, which sees the projects that it names and follows them', async () => {
      const port = await freePort();
      lxd.lxc('config', 'set', `core.https_address=127.0.0.1:${port}`);
      const cert = lxd.file('muster.crt', CERTIFICATES.good);
      lxd.lxc('config', 'trust', 'add', cert, '--restricted', '--projects', 'lab');
      const { environment } = JSON.parse(lxd.lxc('query', '/1.0'));
      const fingerprint = environment.certificate_fingerprint;
      const tls = { cert, key: lxd.file('muster.key', SERVER_KEY), fingerprint };
      const host = `https://127.0.0.1:${port}`;
      const restricted = await collectLive(incus, { host, tls, projects: ['lab', 'default'] });
      try {
        const reasons = async () => {
          const scopes = Object.entries(await restricted.scopes());
          return Object.fromEntries(scopes.map(([part, scope]) => [part, scope.reason?.kind ?? scope.state]));
        };
        await expect
          .poll(reasons, SOON)
          .toEqual({ members: 'fresh', 'instances of lab': 'fresh', 'instances of default': 'permission' });
        const row = async () => (await restricted.rows()).get('test');
        expect([...(await restricted.rows()).keys()].sort()).toEqual([hostname(), 'test'].sort());
        lxd.lxc('stop', '--force', '--project', 'lab', 'test');
        await expect.poll(async () => (await row())?.state, SOON).toBe('stopped');
        lxd.lxc('start', '--project', 'lab', 'test');
        await expect.poll(async () => (await row())?.state, SOON).toBe('running');
      } finally {
        await restricted.stop();
      }
    });

    it('fault 106: says that the connection is lost, keeps its rows, and is right again soon after it is back', async () => {
      await lxd.kill();
      await expect.poll(states, SOON).toEqual(['reconnecting', 'reconnecting']);
      expect(await stateOf('web')).toBe('running');
      await lxd.restart();
      lxd.lxc('stop', '--force', 'web');
      await expect.poll(states, SOON).toEqual(['fresh', 'fresh']);
      await expect.poll(() => stateOf('web'), SOON).toBe('stopped');
      expect((await collector.rows()).size).toBe(4);
    });
  },
);
