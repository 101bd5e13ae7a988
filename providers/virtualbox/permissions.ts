import { type Call, type Permission, ProviderError } from '../contract.ts';
import type { VirtualBoxClient } from './client/client.ts';
import { NOT_FOUND, VBoxError } from './client/errors.ts';
import { ACTIONS } from './policy.ts';

/** No VM has it: a VirtualBox that may be asked says so. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const OF_ONE: ReadonlySet<string> = new Set([ACTIONS.describe, ACTIONS.addresses]);

/** Each action once. What is denied is so by whatever stands before VBoxManage: sshd, sudo, the rights of a file. */
export async function* checkPermissions(clients: readonly VirtualBoxClient[], call: Call): AsyncGenerator<Permission> {
  for (const client of clients)
    for (const action of Object.values(ACTIONS)) {
      const about = { action, account: client.account, region: null };
      try {
        await client.ask(action, OF_ONE.has(action) ? NOBODY : null, call);
        yield { ...about, state: 'allowed', message: null };
      } catch (error) {
        call.signal.throwIfAborted();
        if (!(error instanceof ProviderError)) throw error;
        const answered = error instanceof VBoxError && error.code === NOT_FOUND;
        if (answered) yield { ...about, state: 'allowed', message: null };
        else yield { ...about, state: error.kind === 'permission' ? 'denied' : 'unknown', message: error.message };
      }
    }
}
