import type { Call, Clock } from '../../contract.ts';

export interface HeldToken {
  token(call: Call): Promise<string>;
  /** The next one is made anew. */
  renew(): void;
}

/** A token that is used until it ends; asked for once however many wait for it. */
export function heldToken(
  clock: Clock,
  make: (call: Call) => Promise<{ token: string; expiresAt: number }>,
): HeldToken {
  let held: { made: Promise<{ token: string; expiresAt: number }>; until: number } | null = null;
  return {
    async token(call) {
      if (held === null || clock.now() >= held.until) {
        const made = make(call);
        const mine = { made, until: Number.POSITIVE_INFINITY };
        held = mine;
        made.then(
          ({ expiresAt }) => {
            mine.until = expiresAt;
          },
          () => {
            if (held === mine) held = null;
          },
        );
      }
      return (await held.made).token;
    },
    renew() {
      held = null;
    },
  };
}
