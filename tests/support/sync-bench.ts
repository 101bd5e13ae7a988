import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Scope, ScopeStatus } from '#lib/model/index.ts';
import { openReadStore, openWriteStore, type ReadStore, type WriteStore } from '#lib/store/index.ts';
import { Sync } from '#lib/sync/sync.ts';
import type { Logger } from '#providers/contract.ts';
import { VirtualClock } from './clock.ts';
import type { FakeCloud } from './fake-cloud.ts';

// In memory where there is such a folder: these tests are about rows, not about disks.
const BASE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Deterministic: the same seed, the same numbers. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Line {
  level: string;
  event: string;
  fields: Record<string, unknown>;
}

export function recordingLogger(lines: Line[]): Logger {
  const at =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      void lines.push({ level, event, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A sync over the real store on a clock that stands still, and the short ways in which tests speak. */
export class SyncBench {
  readonly clock: VirtualClock;
  readonly lines: Line[] = [];
  readonly #folder: string;
  readonly random: () => number;
  #sync: Sync | null = null;
  #write: WriteStore | null = null;
  #read: ReadStore | null = null;

  constructor(seed = 1) {
    this.clock = new VirtualClock();
    this.random = seeded(seed);
    this.#folder = mkdtempSync(path.join(BASE, 'muster-sync-'));
  }

  get sync(): Sync {
    if (!this.#sync) throw new Error('not started');
    return this.#sync;
  }

  get write(): WriteStore {
    if (!this.#write) throw new Error('not started');
    return this.#write;
  }

  get read(): ReadStore {
    if (!this.#read) throw new Error('not started');
    return this.#read;
  }

  /** Opens the store, unless it is open, and begins to sync. `wrap` stands between sync and store. */
  async start(clouds: readonly FakeCloud[], wrap: (store: WriteStore) => WriteStore = (store) => store): Promise<Sync> {
    const file = path.join(this.#folder, 'muster.db');
    this.#write ??= await openWriteStore(file, { clock: this.clock });
    this.#read ??= await openReadStore(file);
    this.#sync = new Sync({
      sources: clouds.map(({ source }) => source),
      store: wrap(this.#write),
      clock: this.clock,
      random: this.random,
      log: recordingLogger(this.lines),
    });
    await this.#sync.start();
    await this.clock.settle();
    return this.#sync;
  }

  async stop(): Promise<void> {
    if (this.#sync) await this.clock.run(this.#sync.stop());
    this.#sync = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    await this.#read?.close();
    await this.#write?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  minutes(count: number): Promise<void> {
    return this.clock.advance(count * 60_000);
  }

  async status(scope: Scope): Promise<ScopeStatus> {
    const found = (await this.read.scopes()).find(({ id }) => id === scope.id);
    if (!found) throw new Error(`no scope ${scope.id}`);
    return found;
  }

  /** `state` or `state: kind`. */
  async state(scope: Scope): Promise<string> {
    const { state, reason } = await this.status(scope);
    return reason ? `${state}: ${reason.kind}` : state;
  }

  /** Names of the live rows that a scope owns. */
  async names(scope: Scope): Promise<string[]> {
    return (await this.allNames()).get(scope.id) ?? [];
  }

  /** The same for all scopes that own rows, by scope id. */
  async allNames(): Promise<Map<string, string[]>> {
    const names = new Map<string, string[]>();
    for await (const chunk of this.read.scan(1000)) {
      for (const { resource } of chunk) {
        const ofScope = names.get(resource.scope) ?? [];
        ofScope.push(resource.name);
        names.set(resource.scope, ofScope);
      }
    }
    for (const [, ofScope] of names) ofScope.sort();
    return names;
  }

  /** Seconds since the scope was last known to be complete. */
  async age(scope: Scope): Promise<number | null> {
    const { lastSuccess } = await this.status(scope);
    return lastSuccess === null ? null : (this.clock.now() - Date.parse(lastSuccess)) / 1000;
  }

  events(event: string): Line[] {
    return this.lines.filter((line) => line.event === event);
  }
}

/** The same store with some of its methods replaced. */
export function intercept(store: WriteStore, replaced: Partial<WriteStore>): WriteStore {
  return new Proxy(store, {
    get: (target, name) => {
      const method = Reflect.get(replaced, name) ?? Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });
}
