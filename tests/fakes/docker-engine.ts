import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { versionRefusal } from './docker.ts';

/** A container as a test thinks of it; `fields` replace those of the list entry. */
export interface FakeContainer {
  id: string;
  name: string;
  state: string;
  status: string;
  memory: number;
  labels: Record<string, string>;
  oomKilled: boolean;
  /** What inspect says of why it could not be started. */
  error: string;
  exitCode: number;
  health: string | null;
}

export interface EngineRequest {
  /** `GET /containers/json`, without the version. */
  action: string;
  version: string | null;
  id: string | undefined;
  query: URLSearchParams;
  /** As the test's clock says. */
  at: number;
}

/** An answer in place of the engine's; the first that matches and is not used up. */
export interface Fault {
  when: (request: EngineRequest) => boolean;
  times?: number;
  answer: { status: number; headers?: Record<string, string>; body?: string } | 'reset' | 'stall';
}

export interface EngineOptions {
  /** Epoch milliseconds of the engine's own clock. */
  now: () => number;
  path?: string;
  tls?: { key: string; cert: string; ca: string };
}

/** An engine whose containers a test changes, and whose events live: a stream ends at its `until`, by the test's clock. */
export class DockerEngine {
  api = '1.47';
  minApi = '1.24';
  id = 'ENGI:NEID';
  podman = false;
  /** What `/info` counts; null = what is there. */
  counted: number | null = null;
  readonly containers = new Map<string, FakeContainer>();
  /** So many milliseconds the list is behind: inspect and the events know at once. */
  lagMs = 0;
  /** What the list has shown from each moment on. */
  readonly #shown: { from: number; containers: readonly FakeContainer[] }[] = [];
  readonly requests: EngineRequest[] = [];
  readonly sockets = new Set<Socket>();
  /** Sockets that were ever opened. */
  connections = 0;
  /** Certificates that clients showed. */
  readonly clients: string[] = [];
  readonly #faults: (Fault & { left: number })[] = [];
  readonly #streams = new Set<{ response: ServerResponse; until: number; deaf: boolean }>();
  readonly #past: { id: string; action: string; at: number }[] = [];
  readonly #now: () => number;
  #server: Server;
  port = 0;

  private constructor(options: EngineOptions) {
    this.#now = options.now;
    const listener: RequestListener = (request, response) => {
      const { socket } = request;
      if ('getPeerCertificate' in socket && typeof socket.getPeerCertificate === 'function')
        this.clients.push(String(socket.getPeerCertificate().fingerprint256 ?? 'none'));
      this.#answer(request.method ?? '', new URL(request.url ?? '/', 'http://engine'), response);
    };
    this.#server = options.tls
      ? createTlsServer({ ...options.tls, requestCert: true, rejectUnauthorized: false }, listener)
      : createServer(listener);
    this.#server.on('connection', (socket: Socket) => {
      this.connections++;
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(options: EngineOptions): Promise<DockerEngine> {
    const engine = new DockerEngine(options);
    await new Promise<void>((resolve) => {
      if (options.path) engine.#server.listen(options.path, resolve);
      else engine.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = engine.#server.address();
    if (address !== null && typeof address === 'object') engine.port = (address as AddressInfo).port;
    return engine;
  }

  get address(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  fault(fault: Fault): void {
    this.#faults.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** Adds or changes a container and tells it. */
  put(n: number, fields: Partial<FakeContainer> = {}, action = 'start'): FakeContainer {
    const id = n.toString(16).padStart(64, '0');
    const before = this.containers.get(id);
    const plain = {
      id,
      name: `c-${n}`,
      state: 'running',
      status: 'Up 5 minutes',
      memory: 0,
      labels: {},
      oomKilled: false,
      error: '',
      exitCode: 0,
      health: null,
    };
    const container = { ...plain, ...before, ...fields };
    this.containers.set(id, container);
    this.#changed();
    this.emit(id, action);
    return container;
  }

  remove(n: number): void {
    const id = n.toString(16).padStart(64, '0');
    this.containers.delete(id);
    this.#changed();
    this.emit(id, 'destroy');
  }

  #changed(): void {
    this.#shown.push({ from: this.#now() + this.lagMs, containers: [...this.containers.values()] });
  }

  /** The containers as the list has them now. */
  #listed(): readonly FakeContainer[] {
    if (this.lagMs === 0) return [...this.containers.values()];
    return this.#shown.findLast(({ from }) => from <= this.#now())?.containers ?? [];
  }

  emit(id: string, action: string): void {
    const at = this.#now();
    this.#past.push({ id, action, at });
    for (const stream of this.#streams) if (!stream.deaf) stream.response.write(eventLine(id, action, at));
  }

  /** The engine forgets what has happened, as one that was restarted. */
  forget(): void {
    this.#past.length = 0;
  }

  get watching(): number {
    return this.#streams.size;
  }

  /** Ends the streams whose time has come, as the engine does by itself. */
  tick(): void {
    for (const stream of this.#streams)
      if (!stream.deaf && this.#now() >= stream.until * 1000) {
        this.#streams.delete(stream);
        stream.response.end();
      }
  }

  /** @param ending `silence`: nothing comes any more, not even the end */
  cut(ending: 'end' | 'reset' | 'silence'): void {
    for (const stream of this.#streams) {
      if (ending === 'silence') stream.deaf = true;
      else this.#streams.delete(stream);
      if (ending === 'end') stream.response.end();
      if (ending === 'reset') stream.response.destroy();
    }
  }

  /** Writes raw bytes into the streams. */
  send(text: string, ending?: 'end'): void {
    for (const stream of this.#streams) stream.response.write(text);
    if (ending) this.cut('end');
  }

  #answer(method: string, url: URL, response: ServerResponse): unknown {
    const [, version = null, call = url.pathname, id] =
      /^(?:\/v(\d+\.\d+))?(\/_ping|\/info|\/events|\/containers\/json|\/containers\/([^/]+)\/json)$/.exec(
        url.pathname,
      ) ?? [];
    const action = `${method} ${id === undefined ? call : '/containers/{id}/json'}`;
    const request = { action, version, id, query: url.searchParams, at: this.#now() };
    this.requests.push(request);
    response.on('error', () => {});
    response.setHeader('api-version', this.api);
    response.setHeader('date', new Date(this.#now()).toUTCString());
    if (this.podman) response.setHeader('libpod-api-version', '4.3.1');
    const fault = this.#faults.find((f) => f.left > 0 && f.when(request));
    if (fault) {
      fault.left--;
      if (fault.answer === 'reset') return void response.destroy();
      if (fault.answer === 'stall') return void response.writeHead(500).write('{"message":');
      return void response.writeHead(fault.answer.status, fault.answer.headers).end(fault.answer.body ?? '');
    }
    const reply = (body: unknown, status = 200): unknown =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (call === '/_ping') return void response.end('OK');
    const refusal = version === null ? null : versionRefusal(version, this.api, this.minApi);
    if (refusal) return void response.writeHead(refusal.status ?? 400).end(refusal.body);
    if (call === '/info') return reply(this.#info());
    if (call === '/events') return this.#subscribe(url.searchParams, response);
    if (call === '/containers/json') {
      const { id: ids } = JSON.parse(url.searchParams.get('filters') ?? '{}') as { id?: string[] };
      const wanted = this.#listed().filter((c) => ids?.includes(c.id) ?? true);
      return reply(wanted.map((c) => summary(c, this.podman)));
    }
    const container = this.containers.get(id ?? '');
    return container ? reply(inspected(container)) : reply({ message: `No such container: ${id}` }, 404);
  }

  #info(): object {
    const ID = this.podman ? `${this.requests.length}-and-new-each-time` : this.id;
    const Containers = this.counted ?? this.containers.size;
    return {
      ID,
      Name: 'dock-1',
      Containers,
      NCPU: 4,
      MemTotal: 8 * 1024 ** 3,
      OSType: 'linux',
      OperatingSystem: 'Debian',
      // As they come, with what Go never filled.
      GenericResources: null,
      Labels: this.podman ? null : [],
      Swarm: { NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false, RemoteManagers: null },
    };
  }

  #subscribe(query: URLSearchParams, response: ServerResponse): void {
    const stream = { response, until: Number(query.get('until')), deaf: false };
    // moby, api/server/router/system
    if (Number(query.get('since')) > stream.until)
      return void response.writeHead(400).end('{"message":"`since` time cannot be after `until` time"}');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const since = Number(query.get('since'));
    for (const { id, action, at } of this.#past) if (at >= since * 1000) response.write(eventLine(id, action, at));
    this.#streams.add(stream);
    response.on('close', () => this.#streams.delete(stream));
    this.tick();
  }
}

export const eventLine = (id: string, action: string, at: number): string =>
  `${JSON.stringify({ status: action, id, Type: 'container', Action: action, Actor: { ID: id, Attributes: {} }, time: Math.floor(at / 1000), timeNano: at * 1e6 })}\n`;

const summary = (c: FakeContainer, podman: boolean): object => ({
  Id: c.id,
  Names: [`/${c.name}`],
  Image: 'shop/web:1',
  ImageID: 'sha256:1',
  Created: 1_795_219_724,
  Labels: c.labels,
  State: c.state,
  Status: c.status,
  Mounts: [],
  // Podman's of a container without a network of its own.
  NetworkSettings: { Networks: podman ? null : {} },
});

/** As the list's status says it, in the words of inspect. */
const inspected = (c: FakeContainer): object => ({
  Id: c.id,
  State: {
    Status: c.state,
    OOMKilled: c.oomKilled,
    ExitCode: Number(/^(?:Exited|Restarting) \((\d+)\)/.exec(c.status)?.[1] ?? c.exitCode),
    Error: c.error,
    StartedAt: c.state === 'created' ? '0001-01-01T00:00:00Z' : '2026-11-21T08:55:00Z',
    ...(c.health === null ? healthOf(c.status) : { Health: { Status: c.health, FailingStreak: 0, Log: null } }),
  },
  RestartCount: 0,
  HostConfig: { Memory: c.memory, NanoCpus: 0, Runtime: 'runc', Binds: null, CapAdd: null, PidsLimit: null },
  Config: { Env: ['A=canary'], Entrypoint: null, Volumes: null },
});

function healthOf(status: string): object {
  const word = /\((?:health: )?(healthy|unhealthy|starting)\)/.exec(status)?.[1];
  return word === undefined ? {} : { Health: { Status: word } };
}
