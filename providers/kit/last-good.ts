import { type Call, type Clock, type Logger, ProviderError } from '../contract.ts';

export interface LastGoodOptions {
  clock: Clock;
  log: Logger;
  /** In the provider's words, for the log: `compute.machineTypes.list`. */
  action: string;
  account: string;
  /** How long an answer holds. */
  ttlMs: number;
}

/** For this long a refused detail is not asked for again. */
const DENIED_MS = 15 * 60_000;

/**
 * A detail beside the rows (sizes, addresses) that must neither cost a listing its rows nor turn known values into nothing:
 * an answer holds for `ttlMs`; when a newer one is refused or fails, the last good one serves on. Without one, a refusal is `null`
 * (unknown) and a passing failure is thrown, so that the listing stays incomplete rather than half empty.
 */
export function lastGood<T>(
  options: LastGoodOptions,
  load: (call: Call) => Promise<T>,
): (call: Call) => Promise<T | null> {
  const { clock, log, action, account, ttlMs } = options;
  let value: T | null = null;
  let until = Number.NEGATIVE_INFINITY;
  let running: Promise<T> | null = null;

  async function fresh(call: Call): Promise<T> {
    // Two scopes of one account want the same detail at once: one of them asks.
    const asked = running;
    if (asked) {
      try {
        return await asked;
      } catch (error) {
        // The other's abort is not ours.
        if (error instanceof ProviderError) throw error;
        call.signal.throwIfAborted();
      }
    }
    const mine = load(call);
    running = mine;
    try {
      return await mine;
    } finally {
      if (running === mine) running = null;
    }
  }

  return async (call) => {
    if (clock.monotonic() < until) return value;
    try {
      value = await fresh(call);
      until = clock.monotonic() + ttlMs;
    } catch (error) {
      // A wrong account or credential is no detail.
      if (!(error instanceof ProviderError) || error.kind === 'config' || error.kind === 'auth') throw error;
      const refused = error.kind === 'permission' || error.kind === 'unsupported';
      log.warn('detail.unavailable', { action, account, kind: error.kind, kept: value !== null });
      if (refused) until = clock.monotonic() + DENIED_MS;
      else if (value === null) throw error;
    }
    return value;
  };
}
