import { z } from 'zod';
import { type Batch, type Resource, type Scope, scopeId } from '#lib/model/index.ts';
import type { Source } from '#lib/sync/source.ts';
import {
  type Call,
  type Clock,
  type Connection,
  type DiscoveryCall,
  type Environment,
  type Provider,
  ProviderError,
} from '#providers/contract.ts';
import { anyResource } from './resource.ts';

/** How a scope answers one listing. `n` counts its listings from 1. */
export type Answer = (call: Call, n: number) => AsyncIterable<Batch>;

export interface CloudOptions {
  interval?: number;
  discovery?: number;
  concurrency?: { provider: number; account: number };
  /** Clouds of one provider share its caps. */
  provider?: string;
}

/** A source whose every answer a test scripts, behind the contract and nothing else. */
export class FakeCloud {
  readonly id: string;
  readonly source: Source;
  /** Every listing that was begun, with its moment. */
  readonly lists: { scope: string; at: number; signal: AbortSignal }[] = [];
  readonly discoveries: number[] = [];
  /** Listings under way, now and at most, over the cloud and per account. */
  readonly inFlight = new Map<string, { now: number; most: number }>();
  closed = 0;
  opened = 0;
  scopes: Scope[] = [];
  /** Replaces what `scopes()`, `open()` and `watch()` do. */
  discovering: ((call: DiscoveryCall) => AsyncIterable<Scope>) | null = null;
  opening: ((env: Environment, open: () => Connection) => Promise<Connection>) | null = null;
  watching: Connection['watch'] | null = null;
  /** Replaces what `permissions()` says, which is nothing. */
  permitting: Connection['permissions'] | null = null;
  readonly #clock: Clock;
  readonly #answers = new Map<string, Answer>();

  constructor(clock: Clock, id = 'prod', options: CloudOptions = {}) {
    this.#clock = clock;
    this.id = id;
    this.source = {
      id,
      provider: fakeProvider(options.concurrency, options.provider),
      interval: options.interval ?? 300_000,
      discovery: options.discovery ?? 1_800_000,
      open: async (env) => {
        this.opened++;
        return this.opening ? this.opening(env, () => this.#connection()) : this.#connection();
      },
    };
  }

  /** Adds a scope that answers so; without an answer it has no rows. Clouds have accounts of their own, unless a test says otherwise. */
  scope(region: string, answer: Answer = listed([]), account = `account-${this.id}`): Scope {
    const scope: Scope = {
      id: scopeId(this.id, account, region, 'instances'),
      provider: this.source.provider.id,
      source: this.id,
      account,
      region,
      part: 'instances',
      kind: 'vm',
      label: `${account} ${region}`,
    };
    this.scopes.push(scope);
    this.#answers.set(scope.id, answer);
    return scope;
  }

  answer(scope: Scope, answer: Answer): void {
    this.#answers.set(scope.id, answer);
  }

  countOf(scope: Scope): number {
    return this.lists.filter((list) => list.scope === scope.id).length;
  }

  #connection(): Connection {
    const cloud = this;
    return {
      async *scopes(call) {
        cloud.discoveries.push(cloud.#clock.monotonic());
        yield* cloud.discovering ? cloud.discovering(call) : cloud.scopes;
      },
      list: (scope, call) => cloud.#list(scope, call),
      ...(cloud.watching ? { watch: cloud.watching } : {}),
      async *permissions(call) {
        if (cloud.permitting) yield* cloud.permitting(call);
      },
      async close() {
        cloud.closed++;
      },
    };
  }

  #list(scope: Scope, call: Call): AsyncIterable<Batch> {
    this.lists.push({ scope: scope.id, at: this.#clock.monotonic(), signal: call.signal });
    const answer = this.#answers.get(scope.id) ?? listed([]);
    return this.#counted(scope, answer(call, this.countOf(scope)));
  }

  async *#counted(scope: Scope, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    const counters = ['*', scope.account].map((key) => {
      const counter = this.inFlight.get(key) ?? { now: 0, most: 0 };
      this.inFlight.set(key, counter);
      return counter;
    });
    for (const counter of counters) counter.most = Math.max(counter.most, ++counter.now);
    try {
      yield* batches;
    } finally {
      for (const counter of counters) counter.now--;
    }
  }
}

export function fakeProvider(concurrency = { provider: 16, account: 4 }, id = 'fake'): Provider {
  return {
    id,
    label: 'Fake',
    short: 'Fake',
    kinds: ['vm'],
    color: { light: '#000000', dark: '#ffffff' },
    config: z.unknown(),
    concurrency,
    load: () => Promise.reject(new Error('a test opens its source itself')),
  };
}

export const rowOf = (scope: Scope, name: string, fields: Partial<Resource> = {}): Resource =>
  anyResource({
    uid: `${scope.id}:${name}`,
    name,
    provider: scope.provider,
    source: scope.source,
    scope: scope.id,
    account: scope.account,
    region: scope.region,
    ...fields,
  });

export const rowsOf = (scope: Scope, names: readonly string[]): Resource[] => names.map((name) => rowOf(scope, name));

export const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `m${i}`);

/** A listing that ends cleanly, in pages. */
export function listed(...pages: Resource[][]): Answer {
  return async function* () {
    for (const resources of pages) yield { resources, unreadable: [] };
  };
}

/** A listing that delivers pages and then throws. */
export function broken(error: unknown, ...pages: Resource[][]): Answer {
  return async function* () {
    for (const resources of pages) yield { resources, unreadable: [] };
    throw error;
  };
}

/** A listing that delivers pages and then says nothing until it is aborted; `deaf` does not even notice that. */
export function hanging({ deaf = false }: { deaf?: boolean } = {}, ...pages: Resource[][]): Answer {
  return async function* (call) {
    for (const resources of pages) yield { resources, unreadable: [] };
    await new Promise((_resolve, reject) => {
      if (!deaf) call.signal.addEventListener('abort', () => reject(call.signal.reason));
    });
  };
}

/** A listing that takes its time and then ends as `answer` does. */
export function slow(clock: Clock, ms: number, answer: Answer): Answer {
  return async function* (call, n) {
    await clock.sleep(ms, call.signal);
    yield* answer(call, n);
  };
}

/** One answer after the other; the last one stays. */
export function inTurn(...answers: Answer[]): Answer {
  return (call, n) => {
    const answer = answers[Math.min(n, answers.length) - 1] ?? listed([]);
    return answer(call, n);
  };
}

export const denied = (): ProviderError =>
  new ProviderError('permission', '111111111111', 'not allowed to list; grant it');
export const unreachable = (): ProviderError => new ProviderError('network', '111111111111', 'connection reset');
export const throttled = (retryAfterMs?: number): ProviderError =>
  new ProviderError('rate-limit', '111111111111', 'slow down', retryAfterMs === undefined ? {} : { retryAfterMs });
