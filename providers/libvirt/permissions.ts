import { type Call, type Permission, ProviderError } from '../contract.ts';
import type { LibvirtClient } from './client/client.ts';
import { ACTIONS } from './polkit.ts';

/** The actions of the policy, each tried by the call that needs it. Who may open the connection is told by the first. */
export async function* checkPermissions(clients: readonly LibvirtClient[], call: Call): AsyncGenerator<Permission> {
  for (const client of clients) {
    const common = { account: client.uri.place, region: null };
    const host = await attempt(() => client.host(call), call);
    const opened = host.answer?.hostname != null || host.answer?.capabilities != null;
    yield { ...common, action: ACTIONS.connect, ...verdict(opened ? null : host.error) };
    yield { ...common, action: ACTIONS.host, ...verdict(host.error ?? host.answer?.failure ?? null) };
    const list = await attempt(() => client.enumerate(call), call);
    yield { ...common, action: ACTIONS.list, ...verdict(list.error) };
    const uuid = list.answer?.uuids[0];
    if (uuid === undefined) {
      const message = list.error ? list.error.message : 'there is no domain to try it on';
      yield { ...common, action: ACTIONS.describe, state: 'unknown', message };
      continue;
    }
    let described = false;
    const one = await attempt(
      () =>
        client.describe([{ uuid, state: null }], call, ({ xml }) => {
          described = xml !== null;
        }),
      call,
    );
    const missing = described
      ? null
      : new ProviderError('permission', client.uri.place, 'a domain that is listed cannot be read');
    yield { ...common, action: ACTIONS.describe, ...verdict(one.error ?? missing) };
  }
}

const verdict = (error: ProviderError | null): Pick<Permission, 'state' | 'message'> => {
  if (!error) return { state: 'allowed', message: null };
  return { state: error.kind === 'permission' ? 'denied' : 'unknown', message: error.message };
};

async function attempt<T>(
  run: () => Promise<T>,
  { signal }: Call,
): Promise<{ answer: T; error: null } | { answer: null; error: ProviderError }> {
  try {
    return { answer: await run(), error: null };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ProviderError)) throw error;
    return { answer: null, error };
  }
}
