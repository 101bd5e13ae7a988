import { backoff } from '#lib/runtime/backoff.ts';
import type { Clock } from '#lib/runtime/clock.ts';
import { type Call, ProviderError } from '../contract.ts';

export interface RetryOptions {
  /** Attempts in all; default 3. */
  attempts?: number;
  /** Longest wait that is still worth it; a longer hint ends the call at once. Default 60 s. */
  maxWaitMs?: number;
  /** First backoff; doubles per attempt, with full jitter. Default 200 ms, 1 s where the provider throttles. */
  baseMs?: number;
}

const PASSING = new Set(['rate-limit', 'network', 'timeout']);

/**
 * Tries a call again that failed for a passing reason (`rate-limit`, `network`, `timeout`), never sooner than the provider asked.
 * Waits on the clock it is handed, so it stops at once when the signal aborts and no test waits.
 * @param attempt throws {@link ProviderError}s; anything else is not tried again
 */
export async function retry<T>(
  env: { clock: Clock; random(): number },
  call: Call,
  attempt: () => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const attempts = options.attempts ?? 3;
  const maxWait = options.maxWaitMs ?? 60_000;
  for (let n = 1; ; n++) {
    call.signal.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      call.signal.throwIfAborted();
      if (n >= attempts || !(error instanceof ProviderError) || !PASSING.has(error.kind)) throw error;
      const firstMs = options.baseMs ?? (error.kind === 'rate-limit' ? 1000 : 200);
      const wait = Math.max(
        error.retryAfterMs ?? 0,
        backoff(n - 1, { firstMs, jitter: 'full' }, () => env.random()),
      );
      if (wait > maxWait) throw error;
      await env.clock.sleep(wait, call.signal);
    }
  }
}
