import { createHash, X509Certificate } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { actionOf, failure, sync } from './incus.ts';
import type { Reply } from './server.ts';

/** An instance as a test thinks of it; `fields` replace those of the row. */
export interface FakeInstance {
  name: string;
  project: string;
  location: string;
  status: string;
  config: Record<string, string> | null;
  fields: Record<string, unknown>;
}

export interface IncusRequest {
  /** `GET /1.0/instances`. */
  action: string;
  query: URLSearchParams;
  /** Whether a WebSocket is asked for. */
  upgrade: boolean;
}

/** An answer in place of the server's; the first that matches and is not used up. */
export interface Fault {
  when: (request: IncusRequest) => boolean;
  times?: number;
  answer: Reply | 'reset';
}

export interface ServerOptions {
  path?: string;
  tls?: { key: string; cert: string };
  /** Names of the members; one server of no cluster where there are none. */
  members?: readonly string[];
}

export const FINGERPRINT = 'ab'.repeat(32);
const EXTENSIONS = ['event_lifecycle', 'event_project', 'instance_all_projects', 'instance_get_full'];

/** A server, or a cluster behind one address, whose instances a test changes, and whose events live. */
export class IncusServer {
  fingerprint = FINGERPRINT;
  extensions: readonly string[] = EXTENSIONS;
  auth = 'trusted';
  name: string;
  /** Status of each member; empty where it is in no cluster. */
  readonly members = new Map<string, string>();
  readonly instances = new Map<string, FakeInstance>();
  /** Projects that are there without an instance too; LXD 5.0 lists nothing of the others. */
  readonly projects = new Set(['default']);
  readonly requests: IncusRequest[] = [];
  readonly sockets = new Set<Socket>();
  /** Certificates that clients showed. */
  readonly clients: string[] = [];
  readonly #faults: (Fault & { left: number })[] = [];
  readonly #streams = new Map<Socket, { project: string | null }>();
  readonly #server: Server;
  port = 0;
  readonly #scheme: string;

  private constructor(options: ServerOptions) {
    this.name = options.members?.[0] ?? 'box';
    for (const member of options.members ?? []) this.members.set(member, 'Online');
    this.#scheme = options.tls ? 'https' : 'http';
    const listener: RequestListener = (request, response) => {
      this.#greet(request);
      write(response, this.#answer(request, false));
    };
    this.#server = options.tls
      ? createTlsServer({ ...options.tls, requestCert: true, rejectUnauthorized: false }, listener)
      : createServer(listener);
    this.#server.on('upgrade', (request: IncomingMessage, socket: Socket) => this.#upgrade(request, socket));
    this.#server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(options: ServerOptions = {}): Promise<IncusServer> {
    const server = new IncusServer(options);
    await new Promise<void>((resolve) => {
      if (options.path) server.#server.listen(options.path, resolve);
      else server.#server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.#server.address();
    if (address !== null && typeof address === 'object') server.port = (address as AddressInfo).port;
    return server;
  }

  get address(): string {
    return `${this.#scheme}://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#streams.keys()) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  fault(fault: Fault): void {
    this.#faults.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  get watching(): number {
    return this.#streams.size;
  }

  /** Adds or changes an instance and tells it. */
  put(name: string, change: Partial<FakeInstance> = {}, action: string | null = 'instance-updated'): FakeInstance {
    const project = change.project ?? 'default';
    const key = `${project}/${name}`;
    const plain: FakeInstance = {
      name,
      project,
      location: this.members.size > 0 ? this.name : 'none',
      status: 'Running',
      config: { 'volatile.uuid': uuidOf(key) },
      fields: {},
    };
    const instance = { ...plain, ...this.instances.get(key), ...change };
    this.instances.set(key, instance);
    this.projects.add(project);
    if (action !== null) this.emitLifecycle(instance, action);
    return instance;
  }

  remove(name: string, project = 'default'): void {
    const instance = this.instances.get(`${project}/${name}`);
    if (!instance) throw new Error(`no instance ${project}/${name}`);
    this.instances.delete(`${project}/${name}`);
    this.emitLifecycle(instance, 'instance-deleted');
  }

  rename(before: string, name: string): void {
    const instance = this.instances.get(`default/${before}`);
    if (!instance) throw new Error(`no instance ${before}`);
    this.instances.delete(`default/${before}`);
    this.instances.set(`default/${name}`, { ...instance, name });
    this.emitLifecycle({ ...instance, name }, 'instance-renamed', { old_name: before });
  }

  emitLifecycle({ name, project, location }: FakeInstance, action: string, context: object = {}): void {
    const of = project === 'default' ? '' : `?project=${encodeURIComponent(project)}`;
    const source = `/1.0/instances/${encodeURIComponent(name)}${of}`;
    this.send({ type: 'lifecycle', timestamp: '', metadata: { action, source, context }, location, project }, project);
  }

  /** A message of any kind, to those who listen to the project. */
  send(message: unknown, project = 'default'): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    for (const [socket, stream] of this.#streams)
      if (stream.project === null || stream.project === project) socket.write(frame(text));
  }

  /** Ends the streams as a server does that goes down, or a wire that is cut. */
  cut(): void {
    for (const socket of this.#streams.keys()) socket.destroy();
  }

  #greet({ socket }: IncomingMessage): void {
    if ('getPeerCertificate' in socket && typeof socket.getPeerCertificate === 'function')
      this.clients.push(String(socket.getPeerCertificate().fingerprint256 ?? 'none'));
  }

  #answer(request: IncomingMessage, upgrade: boolean): Reply | 'reset' | 'stream' {
    const url = new URL(request.url ?? '/', 'http://server');
    const action = actionOf(request.method ?? '', url.pathname);
    const received: IncusRequest = { action, query: url.searchParams, upgrade };
    this.requests.push(received);
    const fault = this.#faults.find((one) => one.left > 0 && one.when(received));
    if (fault) {
      fault.left--;
      return fault.answer;
    }
    const project =
      url.searchParams.get('all-projects') === 'true' ? null : (url.searchParams.get('project') ?? 'default');
    const name = decodeURIComponent(url.pathname.split('/')[3] ?? '');
    switch (action) {
      case 'GET /1.0':
        return sync(this.#info());
      case 'GET /1.0/cluster/members':
        return this.members.size > 0
          ? sync([...this.members].map(([member, status]) => memberRow(member, status)))
          : failure(500, 'Server is not clustered');
      case 'GET /1.0/resources':
        return sync({
          cpu: { total: 8 },
          memory: { total: 16 * 1024 ** 3 },
          system: { uuid: '5B4F2C1E-9B0C-4C43-9C3E-0242AC110002', type: 'physical' },
        });
      case 'GET /1.0/projects/{name}':
        return this.projects.has(name) ? sync({ name }) : failure(404, 'Project not found');
      case 'GET /1.0/instances':
        return sync(
          [...this.instances.values()]
            .filter((instance) => project === null || instance.project === project)
            .map((instance) => this.#rowOf(instance)),
        );
      case 'GET /1.0/instances/{name}': {
        const instance = this.instances.get(`${project}/${name}`);
        return instance ? sync(this.#rowOf(instance)) : failure(404, 'Instance not found');
      }
      case 'GET /1.0/events':
        return upgrade ? 'stream' : { status: 400, body: 'Bad Request\n' };
      default:
        return failure(404, 'not found');
    }
  }

  /** As a cluster tells of what is on a member that it does not hear of: a name, and that it is in error. */
  #rowOf(instance: FakeInstance): object {
    const { name, project, location, config, fields } = instance;
    if (this.members.get(location) === 'Offline')
      return { name, project, location, type: 'container', status: 'Error', status_code: 112, config: null };
    return rowOf(instance, config, fields);
  }

  #info(): object {
    return {
      api_extensions: this.extensions,
      auth: this.auth,
      ...(this.auth === 'trusted'
        ? {
            environment: {
              certificate_fingerprint: this.fingerprint,
              server: 'lxd',
              server_clustered: this.members.size > 0,
              server_name: this.name,
              server_version: '5.0.2',
              kernel_version: '6.12.0',
              os_name: 'Debian GNU/Linux',
              os_version: '12',
            },
          }
        : {}),
    };
  }

  #upgrade(request: IncomingMessage, socket: Socket): void {
    this.#greet(request);
    socket.on('error', () => {});
    const answer = this.#answer(request, true);
    if (answer === 'reset') return void socket.destroy();
    if (answer !== 'stream') return void socket.end(`HTTP/1.1 ${answer.status ?? 400} No\r\ncontent-length: 0\r\n\r\n`);
    const url = new URL(request.url ?? '/', 'http://server');
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    this.#streams.set(socket, {
      project: url.searchParams.get('all-projects') === 'true' ? null : (url.searchParams.get('project') ?? 'default'),
    });
    // What a client sends is its close.
    socket.on('data', () => socket.end());
    socket.on('close', () => this.#streams.delete(socket));
  }
}

const rowOf = ({ name, project, location, status }: FakeInstance, config: unknown, fields: object): object => ({
  name,
  project,
  location,
  type: 'container',
  status,
  stateful: false,
  profiles: ['default'],
  created_at: '2026-11-01T08:00:00Z',
  last_used_at: '2026-11-20T08:00:00Z',
  config,
  expanded_config: config,
  expanded_devices: {},
  snapshots: null,
  state: { status, network: null },
  ...fields,
});

const memberRow = (name: string, status: string): object => ({
  server_name: name,
  url: `https://${name}:8443`,
  status,
  message: status === 'Online' ? 'Fully operational' : 'no heartbeat for 31.2s',
  architecture: 'x86_64',
  failure_domain: 'default',
  roles: ['database'],
});

/** Of its name: the same instance each time. */
export function uuidOf(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** SHA-256 of a certificate, as a source names it. */
export const fingerprintOf = (pem: string): string =>
  new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase();

/** A text of a server to a client, RFC 6455 5.2: in one frame, without a mask. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  const head =
    body.length < 126
      ? Buffer.from([0x81, body.length])
      : body.length < 65_536
        ? Buffer.from([0x81, 126, body.length >> 8, body.length & 255])
        : (() => {
            const long = Buffer.alloc(10);
            long.writeUInt8(0x81, 0);
            long.writeUInt8(127, 1);
            long.writeBigUInt64BE(BigInt(body.length), 2);
            return long;
          })();
  return Buffer.concat([head, body]);
}

function write(response: ServerResponse, reply: Reply | 'reset' | 'stream'): void {
  response.on('error', () => {});
  if (reply === 'reset' || reply === 'stream') return void response.destroy();
  response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '');
}
