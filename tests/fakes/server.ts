import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Fleet } from '#lib/demo/index.ts';
import { CANARY } from '#lib/demo/index.ts';
import { type Paging, pagesOf } from './paging.ts';

/** A request as the fake understood it. */
export interface FakeRequest {
  /** The call in the provider's words, as the policy file names it where it can: `ec2:DescribeInstances`. */
  action: string;
  method: string;
  /** Path and query, as sent. */
  url: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** `stall`: headers and half of the body, then silence. `reset`: half of the body, then the connection breaks. `silent`: no answer at all. */
  end?: 'stall' | 'reset' | 'silent';
}

/** A scripted answer in place of the fleet's: the first rule that matches a request and is not used up wins. */
export interface Rule {
  when: (request: FakeRequest) => boolean;
  /** `real` makes the answer that the fleet would have given, to be spoilt. */
  reply: Reply | ((request: FakeRequest, real: () => Promise<Reply>) => Reply | Promise<Reply>);
  /** How often; default always. */
  times?: number;
}

/** Rows of the list call under test, changed on their way out; a row is the provider's raw object. */
export type Rewrite = (rows: unknown[]) => unknown[];

/** What the shared part hands to a provider's fake for each request. */
export interface FakeTools {
  fleet: Fleet;
  /** Epoch milliseconds at which the fleet is read. */
  now(): number;
  /** Cuts rows into pages the way the test wants them. Every listing of a fake goes through here. */
  page<T>(rows: readonly T[], token: string | undefined): { rows: T[]; next: string | undefined };
  /** Size of the pages that the test wants, where they are as they should be. */
  pageSize(): number | undefined;
  /** Applies the test's rewrite; a fake calls it for the rows of its main listing before {@link page}. */
  rewrite<T>(rows: T[]): T[];
}

/** A provider's side of a fake: which call a request is, and its answer from the fleet. */
export interface FakeCloud {
  action(request: Omit<FakeRequest, 'action'>): string;
  answer(request: FakeRequest, tools: FakeTools): Reply | Promise<Reply>;
}

export interface FakeServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly requests: FakeRequest[];
  /** True once a body carried a planted secret. */
  readonly sentCanary: boolean;
  paging: Paging;
  rewrite: Rewrite | null;
  /** Called as each request arrives, before it is answered. */
  onRequest: ((request: FakeRequest) => void) | null;
  script(rule: Rule): void;
  close(): Promise<void>;
}

export interface FakeOptions {
  fleet: Fleet;
  now: () => number;
}

/** A cloud on the wire: node:http on loopback, fed by the fleet, with a log, scripted faults and paging of the test's choice. */
export async function startFake(cloud: FakeCloud, options: FakeOptions): Promise<FakeServer> {
  const rules: (Rule & { left: number })[] = [];
  const requests: FakeRequest[] = [];
  let sentCanary = false;
  let port = 0;
  const fake: FakeServer = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    requests,
    get sentCanary() {
      return sentCanary;
    },
    paging: pagesOf(1000),
    rewrite: null,
    onRequest: null,
    script: (rule) => void rules.push({ ...rule, left: rule.times ?? Number.POSITIVE_INFINITY }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  const tools: FakeTools = {
    fleet: options.fleet,
    now: options.now,
    page: (rows, token) => fake.paging(rows, token),
    pageSize: () => fake.paging.size,
    rewrite: <T>(rows: T[]) => (fake.rewrite ? (fake.rewrite(rows) as T[]) : rows),
  };

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await read(incoming, cloud);
    requests.push(request);
    fake.onRequest?.(request);
    const rule = rules.find((r) => r.left > 0 && r.when(request));
    if (rule) rule.left--;
    const real = async () => cloud.answer(request, tools);
    const scripted = typeof rule?.reply === 'function' ? await rule.reply(request, real) : rule?.reply;
    const reply = scripted ?? (await real());
    if (reply.body?.includes(CANARY)) sentCanary = true;
    write(response, reply);
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`fake failed: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
  return fake;
}

async function read(incoming: IncomingMessage, cloud: FakeCloud): Promise<FakeRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'http://fake');
  const request = {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
  return { ...request, action: cloud.action(request) };
}

function write(response: ServerResponse, reply: Reply): void {
  if (reply.end === 'silent') return;
  const body = Buffer.from(reply.body ?? '');
  response.writeHead(reply.status ?? 200, { 'content-length': String(body.length), ...reply.headers });
  if (!reply.end) {
    response.end(body);
    return;
  }
  const half = body.subarray(0, Math.floor(body.length / 2));
  response.write(half, () => {
    if (reply.end === 'reset') response.destroy();
  });
}

/** JSON with its content type. */
export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});
