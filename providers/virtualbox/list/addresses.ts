import type { DetailError } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError, pauseAfter } from '#providers/kit/details/detail-failure.ts';
import { createDetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { VirtualBoxClient } from '../client/client.ts';
import { OF_GUEST } from '../map/map-vm.ts';
import { type GuestAddress, parseGuestProperties } from '../map/output.ts';
import { ACTIONS } from '../policy.ts';

/** What guests say of their addresses: beside the list, it holds up no row and ends no listing. */
export interface Addresses {
  /** Null where it could not be had: then {@link error} says why. */
  of(uuid: string, call: Call): Promise<readonly GuestAddress[] | null>;
  readonly error: DetailError | null;
  close(): void;
}

export function createAddresses(client: VirtualBoxClient, env: Environment): Addresses {
  const { clock } = env;
  const calls = createDetailCalls(env);
  let error: DetailError | null = null;
  let failures = 0;
  let retryAt = Number.NEGATIVE_INFINITY;

  async function ask(uuid: string, call: Call): Promise<readonly GuestAddress[]> {
    const text = await client.ask(ACTIONS.addresses, uuid, call);
    const said = parseGuestProperties(text);
    if (!said) throw unexpected(client.account, 'properties of a guest', text).of(ACTIONS.addresses);
    return said;
  }

  return {
    async of(uuid, call) {
      if (clock.monotonic() < retryAt) return null;
      const answer = await calls.attempt(client.account, call, (inner) => ask(uuid, inner));
      if (!(answer instanceof ProviderError)) {
        // Of those that were asked at once, one that works says nothing of the others.
        if (clock.monotonic() >= retryAt) {
          error = null;
          failures = 0;
        }
        return answer.value;
      }
      const since = error?.since ?? new Date(clock.now()).toISOString();
      error = detailError(ACTIONS.addresses, OF_GUEST, answer, since);
      if (clock.monotonic() >= retryAt) retryAt = clock.monotonic() + pauseAfter(answer, ++failures);
      env.log.warn('detail.unavailable', {
        action: ACTIONS.addresses,
        account: client.account,
        kind: answer.kind,
        kept: false,
      });
      return null;
    },
    get error() {
      return error;
    },
    close: () => calls.close(),
  };
}
