import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { gzipSync } from 'node:zlib';
import { answerList, kindOf, metadataOnly, ObjectStore, type StoredEvent, statusBody } from './kube-store.ts';

export interface KubeRequest {
  /** `list pods`, `watch nodes`, `get namespaces/kube-system`, as permissions.yaml is read. */
  action: string;
  method: string;
  url: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  /** When it arrived, on the server's clock. */
  at: number;
}

/** How a connection can end: properly, broken off, or not at all while nothing comes any more. */
export type Ending = 'end' | 'reset' | 'silence';

export interface Fault {
  when(request: KubeRequest): boolean;
  /** How often; default once. */
  times?: number;
  /** `reset`: no answer, the connection breaks. Otherwise an answer; `end` says how it ends. */
  answer: 'reset' | { status?: number; headers?: Record<string, string>; body: string | Buffer; end?: Ending };
}

export interface ApiServerOptions {
  uid?: string;
  /** Bearer tokens that are taken; without it every request is. */
  tokens?: string[];
  tls?: { key: string; cert: string; maxVersion?: 'TLSv1.1' | 'TLSv1.3' };
  now?: () => number;
  /** Default: any that is free. */
  port?: number;
}

interface Watcher {
  kind: string;
  metadata: boolean;
  response: ServerResponse;
}

/**
 * A kube-apiserver on loopback, as far as lists and watches go: versions that are no numbers, lists in chunks of one version,
 * watches that replay what happened since, bookmarks, forgotten history. Time in it moves only when a test says so.
 */
export class ApiServer {
  readonly store = new ObjectStore();
  readonly requests: KubeRequest[] = [];
  /** Kinds that are answered with 403, 404 where the group is gone. */
  readonly denied = new Set<string>();
  readonly gone = new Set<string>();
  /** As 1.36 does: an expired watch is an event in a 200. Else it is a 410. */
  expiredInStream = true;
  tokens: string[] | undefined;
  connections = 0;
  url = '';
  readonly #watchers = new Set<Watcher>();
  readonly #faults: (Fault & { left: number })[] = [];
  readonly #server: ReturnType<typeof createServer>;
  readonly #options: ApiServerOptions;

  private constructor(options: ApiServerOptions) {
    this.#options = options;
    this.tokens = options.tokens;
    const serve = (request: IncomingMessage, response: ServerResponse) => this.#serve(request, response);
    const { tls } = options;
    this.#server = tls
      ? createTlsServer(
          {
            ...tls,
            ...(tls.maxVersion === 'TLSv1.1' ? { minVersion: 'TLSv1' as const, ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
          },
          serve,
        )
      : createServer(serve);
    this.#server.on('connection', () => this.connections++);
    this.store.onEvent = (event) => this.#broadcast(event);
  }

  static async start(options: ApiServerOptions = {}): Promise<ApiServer> {
    const server = new ApiServer(options);
    await new Promise<void>((resolve) => server.#server.listen(options.port ?? 0, '127.0.0.1', resolve));
    const address = server.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    server.url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${address.port}`;
    return server;
  }

  fault(fault: Fault): void {
    this.#faults.push({ ...fault, left: fault.times ?? 1 });
  }

  /** Open watches of a kind. */
  watching(kind: string): number {
    return [...this.#watchers].filter((watcher) => watcher.kind === kind).length;
  }

  bookmark(): void {
    for (const watcher of this.#watchers)
      watcher.response.write(
        `${JSON.stringify({ type: 'BOOKMARK', object: { kind: 'Bookmark', metadata: { resourceVersion: this.store.version } } })}\n`,
      );
  }

  /** Sends raw bytes down every open watch, and may end it. */
  send(bytes: string | Buffer, ending?: Ending): void {
    for (const watcher of [...this.#watchers]) {
      watcher.response.write(bytes);
      if (ending) this.#finish(watcher, ending);
    }
  }

  /** Ends every open watch. After `silence` the sockets stay open and nothing is ever sent on them again. */
  cut(ending: Ending): void {
    for (const watcher of [...this.#watchers]) this.#finish(watcher, ending);
  }

  actions(): string[] {
    return this.requests.map((request) => request.action);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #finish(watcher: Watcher, ending: Ending): void {
    this.#watchers.delete(watcher);
    if (ending === 'end') watcher.response.end();
    else if (ending === 'reset') watcher.response.destroy();
  }

  #broadcast(event: StoredEvent): void {
    for (const watcher of this.#watchers)
      if (watcher.kind === event.kind) watcher.response.write(lineOf(event, watcher.metadata));
  }

  #serve(incoming: IncomingMessage, response: ServerResponse): void {
    const url = new URL(incoming.url ?? '/', 'http://fake');
    const kind = kindOf(url.pathname);
    const watch = url.searchParams.get('watch') === '1';
    const single = url.pathname.endsWith('/namespaces/kube-system');
    const action = single ? 'get namespaces/kube-system' : `${watch ? 'watch' : 'list'} ${kind}`;
    const request: KubeRequest = {
      action: incoming.method === 'GET' ? action : `${incoming.method} ${url.pathname}`,
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      query: url.searchParams,
      headers: incoming.headers,
      at: this.#options.now?.() ?? 0,
    };
    this.requests.push(request);
    const fault = this.#faults.find((candidate) => candidate.left > 0 && candidate.when(request));
    if (fault) {
      fault.left--;
      misbehave(fault.answer, response);
      return;
    }
    const metadata = String(incoming.headers.accept).includes('as=PartialObjectMetadata');
    const answer = this.#refusal(request, kind) ?? (single ? this.#identity() : null);
    if (answer) send(response, answer);
    else if (watch) this.#watch(kind, url.searchParams.get('resourceVersion') ?? '', metadata, response);
    else send(response, answerList(this.store, kind, url, metadata), String(incoming.headers['accept-encoding']));
  }

  #refusal({ action, headers }: KubeRequest, kind: string): Answer | null {
    if (this.tokens && !this.tokens.includes(String(headers.authorization).replace(/^Bearer /, '')))
      return { status: 401, body: statusBody(401, 'Unauthorized', 'Unauthorized') };
    if (this.gone.has(kind))
      return { status: 404, body: statusBody(404, 'NotFound', 'the server could not find the requested resource') };
    if (!this.denied.has(kind)) return null;
    const message = `${kind} is forbidden: User "muster" cannot ${action} at the cluster scope`;
    return { status: 403, body: statusBody(403, 'Forbidden', message) };
  }

  #identity(): Answer {
    const metadata = { name: 'kube-system', uid: this.#options.uid ?? 'cluster-uid' };
    return { status: 200, body: { kind: 'PartialObjectMetadata', metadata } };
  }

  #watch(kind: string, since: string, metadata: boolean, response: ServerResponse): void {
    const events = this.store.since(since, kind);
    if (events === 'too-large') {
      send(response, { status: 504, body: TOO_LARGE });
      return;
    }
    if (events === 'expired') {
      const body = statusBody(410, 'Expired', `too old resource version: ${since}`);
      if (this.expiredInStream) response.end(`${JSON.stringify({ type: 'ERROR', object: body })}\n`);
      else send(response, { status: 410, body });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    response.flushHeaders();
    for (const event of events) response.write(lineOf(event, metadata));
    const watcher = { kind, metadata, response };
    this.#watchers.add(watcher);
    response.on('close', () => this.#watchers.delete(watcher));
  }
}

/** As a real one: 504 with the cause by which it is told from any other timeout. */
export const TOO_LARGE = {
  ...statusBody(504, 'Timeout', 'Timeout: Too large resource version: 9, current: 8'),
  details: {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  },
};

const lineOf = (event: StoredEvent, metadata: boolean): string =>
  `${JSON.stringify({ type: event.type, object: metadata ? metadataOnly(event.object) : event.object })}\n`;

interface Answer {
  status: number;
  body: object;
}

function send(response: ServerResponse, { status, body }: Answer, accepts = ''): void {
  const bytes = Buffer.from(JSON.stringify(body));
  // The real one compresses above 128 KiB.
  const zipped = accepts.includes('gzip') && bytes.length > 128 * 1024;
  response.writeHead(status, { 'content-type': 'application/json', ...(zipped ? { 'content-encoding': 'gzip' } : {}) });
  response.end(zipped ? gzipSync(bytes, { level: 1 }) : bytes);
}

function misbehave(answer: Fault['answer'], response: ServerResponse): void {
  if (answer === 'reset') {
    response.destroy();
    return;
  }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  response.write(answer.body, () => {
    if (answer.end === 'reset') response.destroy();
    else if (answer.end !== 'silence') response.end();
  });
}
