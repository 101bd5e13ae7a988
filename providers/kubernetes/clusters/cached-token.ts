import { singleFlight } from '#lib/runtime/single-flight.ts';
import type { Call, Clock } from '../../contract.ts';

export interface CachedToken {
  token(call: Call): Promise<string>;
  /** The next one is made anew. */
  renew(): void;
}

interface Made {
  token: string;
  expiresAt: number;
}

/** A token that is used until it ends; asked for once however many clusters wait for it, and whichever of them stops to. */
export function cachedToken(clock: Clock, make: (call: Call) => Promise<Made>): CachedToken {
  let held: Made | null = null;
  let ask = singleFlight(make);
  return {
    async token(call) {
      if (held !== null && clock.now() < held.expiresAt) return held.token;
      const asked = ask;
      const made = await asked(call);
      // What was on its way when the server refused its predecessor may be the same.
      if (asked === ask) held = made;
      return made.token;
    },
    renew() {
      held = null;
      ask = singleFlight(make);
    },
  };
}
