import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { AUTHORITY, CERTIFICATES, SERVER_KEY } from '#tests/fakes/tls.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const PACKED = path.resolve(ROOT, '../shared/kube');
const PROGRAMS = ['kube-apiserver', 'etcd'] as const;
const PATH = process.env.PATH ?? '/usr/bin:/bin';
const isInstalled = (name: string): boolean => PATH.split(':').some((folder) => existsSync(path.join(folder, name)));
const READY_MS = 90_000;
/** Of one transaction of etcd. */
const MAX_PUTS = 100;

/** Why no API server can be started on this machine, or null. Both programs, as envtest finds them or packed beside the checkout. */
export function whyNoApiServer(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the programs are for Linux on x64';
  const assets = process.env.KUBEBUILDER_ASSETS;
  if (assets)
    return PROGRAMS.every((name) => existsSync(path.join(assets, name)))
      ? null
      : 'KUBEBUILDER_ASSETS names a folder without kube-apiserver and etcd';
  if (!PROGRAMS.every((name) => existsSync(path.join(PACKED, `${name}.xz`))))
    return 'neither KUBEBUILDER_ASSETS (a folder with kube-apiserver and etcd) nor ../shared/kube';
  return isInstalled('xz') ? null : 'no xz to unpack ../shared/kube with (Debian: apt-get install xz-utils)';
}

/** Unpacked once for all who ask: a rename is all or nothing. */
function programFolder(): string {
  if (process.env.KUBEBUILDER_ASSETS) return process.env.KUBEBUILDER_ASSETS;
  const cache = path.join(ROOT, 'node_modules/.cache/kube');
  for (const name of PROGRAMS) {
    const packed = path.join(PACKED, `${name}.xz`);
    const file = path.join(cache, name);
    if (existsSync(file) && statSync(file).mtimeMs > statSync(packed).mtimeMs) continue;
    mkdirSync(cache, { recursive: true });
    const half = mkdtempSync(path.join(cache, 'half-'));
    execFileSync('sh', ['-c', 'xz -dc "$1" > "$2" && chmod 755 "$2"', 'sh', packed, path.join(half, name)]);
    renameSync(path.join(half, name), file);
    rmSync(half, { recursive: true });
  }
  return cache;
}

interface Answer {
  status: number;
  body: unknown;
}

/** A kube-apiserver with its etcd on loopback, as an administrator drives it; the adapter under test has its own client. */
export interface RealApiServer {
  readonly url: string;
  /** Of an administrator, and of the user `reader`, who has no rights until a binding gives some. */
  readonly tokens: { admin: string; reader: string };
  /** `GET`, as whoever the headers say, and the answer as it came. */
  get(path: string, headers: Record<string, string>): Promise<{ status: number; type: string; text: string }>;
  /** As the administrator. What comes is taken for a `T`.  @throws what the server says where it refuses */
  ask<T>(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<T>;
  /**
   * Puts objects where the API server keeps them, past its admission: with the uids and times that they have.
   * @param objects by their key in etcd, `pods/shop/web-1`
   * @param gone keys of what goes before, or all below one that ends in `/`
   */
  plant(objects: ReadonlyMap<string, object>, gone?: readonly string[]): Promise<void>;
  /** Makes etcd forget all versions before the newest; also while the API server is dead. */
  compact(): Promise<void>;
  /** SIGKILL to the API server; etcd lives on. */
  kill(): Promise<void>;
  /** A new API server on the same data and port. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws with the end of the programs' log where it does not come up */
export async function startApiServer(): Promise<RealApiServer> {
  const programs = programFolder();
  const folder = mkdtempSync(path.join(tmpdir(), 'muster-apiserver-'));
  const [port, client, peer] = await freePorts(3);
  const url = `https://127.0.0.1:${port}`;
  const etcdUrl = `http://127.0.0.1:${client}`;
  const log: string[] = [];
  const tokens = { admin: 'token-of-the-administrator', reader: 'token-of-the-reader' };
  const files = writeFiles(folder, tokens);
  const dispatcher = new Agent({ connect: { ca: AUTHORITY }, connections: 8 });
  const running = new Set<ChildProcess>();

  const run = (name: (typeof PROGRAMS)[number], options: readonly string[]): ChildProcess => {
    const file = path.join(programs, name);
    // Ends with us, however we end.
    const [command, prefix] = isInstalled('setpriv') ? ['setpriv', ['--pdeathsig', 'KILL', file]] : [file, []];
    // Nothing of our own surroundings: no credentials, no other time.
    const env = { PATH, HOME: folder, NODE_ENV: 'test' as const };
    const program = spawn(command, [...prefix, ...options], { stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const stream of [program.stdout, program.stderr])
      stream.on('data', (chunk: Buffer) => log.splice(0, Math.max(0, log.length - 20), chunk.toString('utf8')));
    running.add(program);
    program.once('exit', () => running.delete(program));
    program.once('error', () => running.delete(program));
    return program;
  };
  const serve = () =>
    run('kube-apiserver', [
      ...[`--etcd-servers=${etcdUrl}`, '--bind-address=127.0.0.1', `--secure-port=${port}`],
      ...[
        '--advertise-address=127.0.0.1',
        '--endpoint-reconciler-type=none',
        '--service-cluster-ip-range=10.96.0.0/16',
      ],
      ...[`--tls-cert-file=${files.certificate}`, `--tls-private-key-file=${files.key}`],
      ...[
        `--token-auth-file=${files.tokens}`,
        '--authorization-mode=RBAC',
        '--disable-admission-plugins=ServiceAccount',
      ],
      ...[`--service-account-key-file=${files.signingPublic}`, `--service-account-signing-key-file=${files.signing}`],
      ...['--service-account-issuer=https://kubernetes.default.svc', '--allow-privileged=true'],
    ]);

  async function send(method: string, address: string, body: object | undefined, headers: Record<string, string>) {
    const reply = await request(address, {
      method: method as 'GET',
      dispatcher,
      headers: { 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: reply.statusCode, type: String(reply.headers['content-type']), text: await reply.body.text() };
  }
  async function exchange(method: string, address: string, body?: object, headers = {}): Promise<Answer> {
    const { status, text } = await send(method, address, body, { authorization: `Bearer ${tokens.admin}`, ...headers });
    return { status, body: /^[[{]/.test(text) ? JSON.parse(text) : text };
  }

  async function ready(): Promise<void> {
    for (const began = performance.now(); ; ) {
      const answer = await exchange('GET', `${url}/readyz`).catch(() => null);
      if (answer?.body === 'ok') return;
      if (running.size < 2 || performance.now() - began > READY_MS)
        throw new Error(`the API server did not come up: ${log.join('').slice(-900)}`);
      // Real time: this is a process, and nobody tells when it is ready.
      await sleep(50);
    }
  }

  const stop = async () => {
    await Promise.all([...running].map(killed));
    await dispatcher.destroy();
    rmSync(folder, { recursive: true, force: true });
  };

  run('etcd', [
    ...['--data-dir', path.join(folder, 'etcd'), '--unsafe-no-fsync', '--log-level=error'],
    ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
    ...['--listen-peer-urls', `http://127.0.0.1:${peer}`, '--initial-advertise-peer-urls', `http://127.0.0.1:${peer}`],
    ...['--initial-cluster', `default=http://127.0.0.1:${peer}`],
  ]);
  let server = serve();
  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }

  async function ask<T>(method: string, where: string, body?: object, headers?: Record<string, string>): Promise<T> {
    const answer = await exchange(method, url + where, body, headers);
    if (answer.status < 300) return answer.body as T;
    throw new Error(`${method} ${where} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 600)}`);
  }
  async function etcd<T>(call: string, body: object): Promise<T> {
    const answer = await exchange('POST', `${etcdUrl}/v3/kv/${call}`, body);
    if (answer.status !== 200) throw new Error(`etcd does not take ${call}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return {
    url,
    tokens,
    get: (where, headers) => send('GET', url + where, undefined, headers),
    ask,
    async plant(objects, gone = []) {
      for (const name of gone) {
        const key = `/registry/${name}`;
        // Up to what follows the slash.
        const below = key.endsWith('/') ? { range_end: base64(`${key.slice(0, -1)}0`) } : {};
        await etcd('deleterange', { key: base64(key), ...below });
      }
      const puts = [...objects].map(([key, object]) => ({
        request_put: { key: base64(`/registry/${key}`), value: base64(JSON.stringify(object)) },
      }));
      for (let from = 0; from < puts.length; from += MAX_PUTS)
        await etcd('txn', { success: puts.slice(from, from + MAX_PUTS) });
    },
    async compact() {
      const { header } = await etcd<{ header: { revision: string } }>('range', { key: base64('/'), limit: 1 });
      await etcd('compaction', { revision: header.revision, physical: true });
    },
    kill: () => killed(server),
    async restart() {
      server = serve();
      await ready();
    },
    stop,
  };
}

function writeFiles(folder: string, tokens: RealApiServer['tokens']) {
  const write = (name: string, content: string | Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    certificate: write('server.crt', CERTIFICATES.good),
    key: write('server.key', SERVER_KEY),
    signing: write('sa.key', privateKey.export({ type: 'sec1', format: 'pem' })),
    signingPublic: write('sa.pub', publicKey.export({ type: 'spki', format: 'pem' })),
    tokens: write('tokens.csv', `${tokens.admin},admin,1,"system:masters"\n${tokens.reader},reader,2,"readers"\n`),
  };
}

async function freePorts(count: number): Promise<number[]> {
  // All held at once, so that they differ.
  const holders = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    holders.map(
      (holder) =>
        new Promise<number>((resolve, reject) => {
          holder.once('error', reject);
          holder.listen(0, '127.0.0.1', () => {
            const address = holder.address();
            resolve(typeof address === 'object' && address ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(holders.map((holder) => new Promise((resolve) => holder.close(resolve))));
  return ports;
}

async function killed(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null || program.pid === undefined) return;
  const gone = new Promise<void>((resolve) => program.once('exit', () => resolve()));
  program.kill('SIGKILL');
  await gone;
}

/** For a file of tests: a server, or null and why there is none in the title of its tests. */
export async function startedApiServer(): Promise<{ server: RealApiServer | null; title: string }> {
  const reason = whyNoApiServer();
  const title = 'a real kube-apiserver';
  if (reason) return { server: null, title: `${title} (left out: ${reason})` };
  return { server: await startApiServer(), title };
}
