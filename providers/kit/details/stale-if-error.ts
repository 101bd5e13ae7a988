import type { DetailError, DetailField, ErrorKind, JsonValue } from '#lib/model/index.ts';
import { abortable } from '#lib/runtime/abort.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { asProviderError, detailError, pauseAfter } from './detail-failure.ts';
import { begin, LEFT, type Run } from './detail-run.ts';
import { createPatience, type Patience } from './patience.ts';

export interface DetailOptions<T> {
  /** In the provider's words: `compute.machineTypes.list`. */
  call: string;
  account: string;
  /** What only this call tells of a row. */
  fields: readonly DetailField[];
  /** How long an answer holds. */
  ttlMs: number;
  /** After so long without a sign of life the call is given up; rows wait far shorter, see {@link Patience}. Default 30 s. */
  limitMs?: number;
  /** Drops the credential in use: where it is refused, the call is made once more with a new one. */
  renew?: () => void;
  /** Kinds of failure that are the account's and end its listing. */
  fatal?: readonly ErrorKind[];
  /** How the last good answer outlives the process; absent where it is too large, or too soon out of date, to be worth it. */
  keep?: { key: string; encode(value: T): JsonValue; decode(kept: JsonValue): T | null };
}

/** The last good answer, also where a newer one failed; null where there never was one. */
export interface Answer<T> {
  value: T | null;
  /** Why `value` is not of now; null while the call works. */
  error: DetailError | null;
}

/** A call beside a list. It holds up no row and ends no listing: it throws nothing but `fatal` kinds and the signal's reason. */
export interface Detail<T> {
  /** Asks if the answer no longer holds, and again after a failure by a backoff of its own: 30 s, doubling to 15 min. */
  ask(call: Call): Promise<Answer<T>>;
  /** The same though the answer holds. */
  askAnew(call: Call): Promise<Answer<T>>;
  readonly error: DetailError | null;
  /** A part of the answer could not be had in another way: as if the call had failed. */
  fail(error: ProviderError): void;
  /** When it may be asked again, by the monotonic clock. */
  readonly retryAt: number;
  /** Where the call fails, asks in the background if it is time to. @returns whether it works, once that is known */
  mend(): Promise<boolean>;
}

export interface DetailCalls {
  /** @param load calls `heartbeat` with each page, which shows that it makes progress; anything it throws is a failure of the call */
  of<T>(options: DetailOptions<T>, load: (call: Call, heartbeat: () => void) => Promise<T>): Detail<T>;
  /**
   * One short call for one row, with the patience of its account.
   * @returns what it threw as an error of the contract; `timeout` where it took too long
   */
  attempt<T>(account: string, call: Call, work: (call: Call) => Promise<T>): Promise<{ value: T } | ProviderError>;
  /** Ends what still waits for an answer. */
  close(): void;
}

/** Rows wait no longer, however well it gets on. */
const LONGEST_WAIT_MS = 20_000;
/** Calls of an account that are waited for by nobody. */
const MOST_LEFT_BEHIND = 8;

interface Account {
  patience: Patience;
  leftBehind: Set<Run>;
}

/** The calls beside the lists of one connection: stale-if-error (RFC 5861) for what decorates rows. */
export function createDetailCalls(env: Environment): DetailCalls {
  const { clock } = env;
  const accounts = new Map<string, Account>();
  const running = new Set<Run>();

  function accountOf(name: string): Account {
    const known = accounts.get(name) ?? { patience: createPatience(clock), leftBehind: new Set() };
    accounts.set(name, known);
    return known;
  }

  return {
    of: (options, load) => {
      const account = accountOf(options.account);
      return detail(env, options, account, (job) => {
        const run = begin(env, options, job);
        running.add(run);
        run.over.finally(() => {
          running.delete(run);
          account.leftBehind.delete(run);
        });
        return run;
      })(load);
    },
    async attempt(name, call, work) {
      const { patience } = accountOf(name);
      const stop = new AbortController();
      const ms = patience.left();
      const disarm = clock.alarm(ms, () => {
        patience.lost(ms);
        stop.abort(new ProviderError('timeout', name, `gives no answer within ${ms / 1000} s`));
      });
      const signal = AbortSignal.any([call.signal, stop.signal]);
      try {
        return { value: await abortable(work({ signal }), signal) };
      } catch (error) {
        call.signal.throwIfAborted();
        return asProviderError(stop.signal.aborted ? stop.signal.reason : error, name);
      } finally {
        disarm();
      }
    },
    close() {
      for (const run of running) run.stop.abort(LEFT);
    },
  };
}

type Begin = (job: (run: Run, heartbeat: () => void) => Promise<void>) => Run;

const detail =
  <T>(env: Environment, options: DetailOptions<T>, account: Account, start: Begin) =>
  (load: (call: Call, heartbeat: () => void) => Promise<T>): Detail<T> => {
    const { clock, log, cache } = env;
    const { call: action, ttlMs, fatal = [], renew, keep } = options;
    let value: T | null = null;
    let until = Number.NEGATIVE_INFINITY;
    /** It came when nobody waited any more, and nobody has had it yet. */
    let unread = false;
    let error: DetailError | null = null;
    let failures = 0;
    let retryAt = Number.NEGATIVE_INFINITY;
    let restored = false;
    let current: Run | null = null;

    const failedWith = (failure: ProviderError): DetailError =>
      detailError(action, options.fields, failure, error?.since ?? new Date(clock.now()).toISOString());

    function fail(failure: ProviderError): void {
      error = failedWith(failure);
      retryAt = clock.monotonic() + pauseAfter(failure, ++failures, value !== null);
      log.warn('detail.unavailable', { action, account: options.account, kind: failure.kind, kept: value !== null });
    }

    function succeed(answer: T, run: Run): void {
      value = answer;
      until = clock.monotonic() + ttlMs;
      unread = run.leftBehind;
      error = null;
      failures = 0;
      // The rows do not wait for it; a store that fails says so itself.
      if (keep && cache) cache.set(keep.key, keep.encode(answer)).catch(() => undefined);
    }

    async function loadWith({ stop }: Run, heartbeat: () => void): Promise<T> {
      const { signal } = stop;
      const once = () => abortable(load({ signal }, heartbeat), signal);
      try {
        return await once();
      } catch (failure) {
        if (!renew || signal.aborted || !(failure instanceof ProviderError) || failure.kind !== 'auth') throw failure;
        renew();
        return once();
      }
    }

    async function work(run: Run, heartbeat: () => void): Promise<void> {
      try {
        succeed(await loadWith(run, heartbeat), run);
      } catch (thrown) {
        const { aborted, reason } = run.stop.signal;
        if (aborted && reason === LEFT) return;
        const failure = asProviderError(aborted ? reason : thrown, options.account);
        if (!(thrown instanceof ProviderError) && !aborted)
          log.warn('detail.unavailable', { action, account: options.account, kind: 'internal', error: thrown });
        if (fatal.includes(failure.kind)) run.fatal = failure;
        else fail(failure);
      } finally {
        if (current === run) current = null;
      }
    }

    /** Begins a call unless it is not yet time, or too many hang already. */
    function begun(): Run | null {
      if (current || (error && clock.monotonic() < retryAt)) return current;
      if (account.leftBehind.size >= MOST_LEFT_BEHIND) {
        error ??= failedWith(
          new ProviderError('timeout', options.account, 'is not asked while other calls of the account do not answer'),
        );
        return null;
      }
      const run = start(async (own, heartbeat) => {
        // So that `current` is set before anything of the call can end it.
        await Promise.resolve();
        await work(own, heartbeat);
      });
      current = run;
      return run;
    }

    function leaveBehind(run: Run): void {
      run.leftBehind = true;
      account.leftBehind.add(run);
    }

    /** Waits for the call while it gets on and patience lasts. */
    async function wait(run: Run, { signal }: Call): Promise<void> {
      const { patience } = account;
      const late = Promise.withResolvers<void>();
      let ms = 0;
      const giveUp = () => {
        patience.lost(ms);
        leaveBehind(run);
        error ??= failedWith(new ProviderError('timeout', options.account, `has not answered for ${ms / 1000} s`));
        late.resolve();
      };
      const disarmLongest = clock.alarm(LONGEST_WAIT_MS, giveUp);
      let disarm = () => {};
      const rearm = () => {
        disarm();
        ms = patience.left();
        disarm = clock.alarm(ms, giveUp);
      };
      rearm();
      run.watchers.add(rearm);
      run.waiting++;
      try {
        await abortable(Promise.race([run.over, late.promise]), signal);
      } finally {
        disarm();
        disarmLongest();
        run.watchers.delete(rearm);
        if (--run.waiting === 0 && !run.leftBehind && current === run) {
          current = null;
          run.stop.abort(LEFT);
        }
      }
    }

    async function restore(call: Call): Promise<void> {
      if (restored || value !== null || error === null || !keep || !cache) return;
      restored = true;
      const kept = await abortable(
        cache.get(keep.key).catch(() => undefined),
        call.signal,
      );
      if (kept !== undefined && value === null) value = keep.decode(kept);
    }

    async function ask(call: Call, anew: boolean): Promise<Answer<T>> {
      call.signal.throwIfAborted();
      const holds = error === null && !anew && (unread || clock.monotonic() < until);
      unread = false;
      if (!holds) {
        const run = begun();
        if (run && !run.leftBehind) {
          await wait(run, call);
          if (run.fatal) throw run.fatal;
        }
        await restore(call);
      }
      return { value, error };
    }

    return {
      ask: (call) => ask(call, false),
      askAnew: (call) => ask(call, true),
      get error() {
        return error;
      },
      fail,
      get retryAt() {
        return retryAt;
      },
      async mend() {
        if (error) {
          const run = begun();
          if (run && run.waiting === 0) leaveBehind(run);
          await run?.over;
        }
        return error === null;
      },
    };
  };
