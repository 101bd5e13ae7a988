import { type Call, type Clock, ProviderError } from '#providers/contract.ts';

/**
 * Reads a stream that must say something every `limitMs`, and gives it up when it does not: a connection that was cut without a word
 * looks like a quiet one for ever. Time that the reader takes over an event does not count.
 * @throws ProviderError `timeout`
 */
export async function* withHeartbeat<T>(
  open: (call: Call) => AsyncIterable<T>,
  options: { clock: Clock; limitMs: number; place: string },
  call: Call,
): AsyncGenerator<T> {
  const { clock, limitMs, place } = options;
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  let last = clock.monotonic();
  let waiting = true;

  async function watchOver(): Promise<void> {
    for (;;) {
      const left = (waiting ? last : clock.monotonic()) + limitMs - clock.monotonic();
      if (left <= 0) return stop.abort(new ProviderError('timeout', place, `said nothing for ${limitMs / 1000} s`));
      await clock.sleep(left, signal);
    }
  }
  watchOver().catch(() => undefined);
  try {
    for await (const item of open({ signal })) {
      waiting = false;
      yield item;
      last = clock.monotonic();
      waiting = true;
    }
  } finally {
    stop.abort();
  }
}
