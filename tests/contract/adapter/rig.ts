import { onTestFinished } from 'vitest';
import { type Fleet, openFleet } from '#lib/demo/index.ts';
import { type Batch, drain, type Listing, type Resource, resourceSchema, type Scope } from '#lib/model/index.ts';
import {
  type Cache,
  type Call,
  type Clock,
  type Connection,
  type Environment,
  ProviderError,
} from '#providers/contract.ts';
import { type TestClock, testClock } from '#tests/fakes/clock.ts';
import type { FakeRequest, FakeServer } from '#tests/fakes/server.ts';
import type { AdapterCase } from '../adapter-case.ts';

/** One provider over the wire: its fake, and the real client connected to it. */
export interface Rig {
  fleet: Fleet;
  fake: FakeServer;
  clock: TestClock;
  connection: Connection;
  /** Everything that was logged. */
  logs: string[];
  scopes: Scope[];
  subject: Scope;
  bystander: Scope;
  /** Requests of the list call under test. */
  listRequests(): FakeRequest[];
  /** Another connection to the same fake, with other timeouts or another clock. */
  connect(options?: { timeout?: number; clock?: Clock; cache?: Cache }): Promise<Connection>;
}

const SEED = 7;
const RESOURCES = 600;

/** A patient second for each request: a fake answers in milliseconds, a busy machine in tens of them. */
const TIMEOUT = 10;

export async function openRig<C, Row>(c: AdapterCase<C, Row>, faults = false): Promise<Rig> {
  const fleet = openFleet({ seed: SEED, resources: c.resources ?? RESOURCES, faults });
  const clock = testClock();
  const start = clock.now();
  const fake = await c.start({ fleet, now: () => start });
  onTestFinished(() => fake.close());
  const logs: string[] = [];
  const adapter = await c.provider.load();
  const connect: Rig['connect'] = async (options = {}) => {
    const config = c.provider.config.parse(c.config(fake, fleet, options.timeout ?? TIMEOUT));
    const connection = await adapter.open(config, environment(options.clock ?? clock, logs, options.cache));
    onTestFinished(() => connection.close());
    return connection;
  };
  const connection = await connect();
  const scopes = await listScopes(connection);
  const subject = c.subject(scopes);
  fake.requests.length = 0;
  return {
    fleet,
    fake,
    clock,
    connection,
    logs,
    scopes,
    subject,
    bystander: c.bystander(scopes),
    listRequests: () => fake.requests.filter((request) => c.isListOf(subject, request)),
    connect,
  };
}

/** The same fleet through the provider's mock. */
export async function openMock<C, Row>(c: AdapterCase<C, Row>, fleet: Fleet): Promise<Connection> {
  const adapter = await c.provider.load();
  const connection = await adapter.open(c.provider.config.parse(c.mockConfig(fleet)), environment(testClock(), []));
  onTestFinished(() => connection.close());
  return connection;
}

function environment(clock: Clock, logs: string[], cache?: Cache): Environment {
  const write = (event: string, fields?: Record<string, unknown>) =>
    void logs.push(`${event} ${JSON.stringify(fields)}`);
  const log = { debug: write, info: write, warn: write, error: write };
  return { source: 'source', clock, random: () => 0.5, log, ...(cache ? { cache } : {}) };
}

export const calm = (): Call => ({ signal: new AbortController().signal });

export async function listScopes(connection: Connection, call = calm()): Promise<Scope[]> {
  const scopes: Scope[] = [];
  for await (const scope of connection.scopes(call)) scopes.push(scope);
  return scopes;
}

/** Reads a scope as the sync does; every row it gets is of the model's shape. */
export async function read(connection: Connection, scope: Scope, call = calm()): Promise<Listing> {
  return drain(scope, checked(connection.list(scope, call)), (error) => {
    if (error instanceof ProviderError) return { kind: error.kind, message: error.message };
    throw error;
  });
}

async function* checked(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    for (const resource of batch.resources) resourceSchema.parse(resource);
    yield batch;
  }
}

/** Rows of a listing in the order of their uids. */
export const rowsOf = (listing: Listing): Resource[] =>
  [...listing.resources.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));

/** What a listing came to: `complete`, or the kind of its reason. */
export const verdict = (listing: Listing): string => (listing.complete ? 'complete' : listing.reason.kind);
