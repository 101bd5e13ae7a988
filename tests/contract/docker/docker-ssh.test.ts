import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Server, utils } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { DockerEngine } from '#tests/fakes/docker-engine.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import { openSource, scopeOf } from '#tests/support/docker/docker.ts';
import { list, Mirror, until } from '#tests/support/kubernetes/kubernetes.ts';

const hostKey = utils.generateKeyPairSync('ed25519');
const userKey = utils.generateKeyPairSync('ed25519');
const strangersKey = utils.generateKeyPairSync('ed25519');
const blobOf = (publicKey: string): string => publicKey.split(' ')[1] ?? '';
const printOf = (publicKey: string): string =>
  `SHA256:${createHash('sha256')
    .update(Buffer.from(blobOf(publicKey), 'base64'))
    .digest('base64')
    .replace(/=+$/, '')}`;

/** An sshd that lets one key run one command, whose input and output are the engine. */
async function startSsh(engine: DockerEngine) {
  const seen = { connections: 0, commands: [] as string[], refuse: false };
  const server = new Server({ hostKeys: [hostKey.private] }, (client) => {
    seen.connections++;
    client.on('error', () => {});
    client.on('authentication', (attempt) => {
      const known = attempt.method === 'publickey' && attempt.key.data.toString('base64') === blobOf(userKey.public);
      if (known && attempt.username === 'ops') attempt.accept();
      else attempt.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, rejectExec, { command }) => {
        seen.commands.push(command);
        if (seen.refuse) return rejectExec();
        const channel = acceptExec();
        const socket = connect(engine.port, '127.0.0.1');
        socket.on('error', () => channel.end());
        channel.on('error', () => socket.destroy());
        channel.on('close', () => socket.destroy());
        socket.pipe(channel).pipe(socket);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.address() as AddressInfo).port, seen };
}

describe('an engine behind ssh', () => {
  let clock: VirtualClock;
  let engine: DockerEngine;
  let folder: string;
  beforeEach(async () => {
    clock = new VirtualClock();
    engine = await DockerEngine.start({ now: () => clock.now() });
    for (let n = 1; n <= 30; n++) engine.put(n);
    engine.forget();
    folder = await mkdtemp(path.join(tmpdir(), 'muster-ssh-'));
  });
  afterEach(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  const file = async (name: string, text: string) => {
    const where = path.join(folder, name);
    await writeFile(where, text);
    return where;
  };
  async function open(port: number, ssh: { key?: string; known?: string; fingerprint?: string }) {
    const connection = await openSource(
      {
        host: `ssh://ops@127.0.0.1:${port}`,
        timeout: 60,
        ssh: {
          keyFile: await file('id_ed25519', ssh.key ?? userKey.private),
          ...(ssh.known === undefined ? {} : { knownHosts: await file('known_hosts', ssh.known) }),
          ...(ssh.fingerprint === undefined ? {} : { fingerprint: ssh.fingerprint }),
        },
      },
      clock,
    );
    onTestFinished(() => connection.close());
    return connection;
  }
  async function read(connection: Awaited<ReturnType<typeof open>>) {
    const reading = list(connection, await scopeOf(connection, 'containers'));
    let done = false;
    reading.finally(() => {
      done = true;
    });
    await until(clock, () => done);
    return reading;
  }
  const known = (port: number, key = hostKey.public) => `# of the test\n[127.0.0.1]:${port} ${key}\n`;

  it('lists through channels of one connection, to a server whose key known_hosts has', async () => {
    const { port, seen } = await startSsh(engine);
    const listing = await read(await open(port, { known: known(port) }));
    expect(listing).toMatchObject({ complete: true });
    expect(listing.resources.size).toBe(30);
    expect(seen.connections).toBe(1);
    expect(new Set(seen.commands)).toEqual(new Set(['docker system dial-stdio']));
    // One for each of the requests that are made at once, as sshd's MaxSessions allows.
    expect(seen.commands.length).toBeLessThanOrEqual(8);
  });

  it('follows events beside its requests', async () => {
    const { port, seen } = await startSsh(engine);
    const connection = await open(port, { fingerprint: printOf(hostKey.public) });
    const mirror = Mirror.follow(connection, await scopeOf(connection, 'containers'));
    await until(clock, () => mirror.listings.length === 1 && engine.watching === 1);
    engine.put(99);
    await until(clock, () => mirror.uids().length === 31);
    await mirror.stop();
    expect(seen.connections).toBe(1);
  });

  it.each([
    ['is not the known one', (port: number) => ({ known: known(port, strangersKey.public) })],
    ['has another fingerprint', () => ({ fingerprint: printOf(strangersKey.public) })],
    ['is revoked', (port: number) => ({ known: `${known(port)}@revoked ${known(port).split('\n')[1]}\n` })],
  ])('refuses a server whose key %s, before it says who it is', async (_, ssh) => {
    const { port, seen } = await startSsh(engine);
    const listing = await read(await open(port, ssh(port)));
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'network' } });
    expect(listing.complete ? '' : listing.reason.message).toContain('host key');
    expect(seen.commands).toEqual([]);
  });

  it('says that known_hosts has no key of the server, and asks nobody', async () => {
    const { port, seen } = await startSsh(engine);
    const listing = await read(await open(port, { known: known(port + 1) }));
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'config' } });
    expect(seen.connections).toBe(0);
  });

  it('says that the server does not take the key', async () => {
    const { port } = await startSsh(engine);
    const listing = await read(await open(port, { key: strangersKey.private, known: known(port) }));
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'auth' } });
  });

  it('survives a server that refuses the command, and one that goes away', async () => {
    const { port, seen } = await startSsh(engine);
    seen.refuse = true;
    const connection = await open(port, { known: known(port) });
    expect(await read(connection)).toMatchObject({ complete: false, reason: { kind: 'permission' } });
    seen.refuse = false;
    expect(await read(connection)).toMatchObject({ complete: true });
  });

  it('takes no key with a passphrase: nobody is there to type it', async () => {
    const { port } = await startSsh(engine);
    const locked = utils.generateKeyPairSync('ed25519', { passphrase: 'x', cipher: 'aes256-cbc', rounds: 4 });
    const listing = await read(await open(port, { key: locked.private, known: known(port) }));
    expect(listing).toMatchObject({ complete: false, reason: { kind: 'config' } });
  });
});
