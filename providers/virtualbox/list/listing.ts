import type { Batch } from '#lib/model/index.ts';
import type { Call } from '#providers/contract.ts';
import { retry } from '#providers/kit/retry.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { hostResource } from '../map/map-host.ts';
import { parseHostInfo } from '../map/output.ts';
import { ACTIONS } from '../policy.ts';
import { enumerate, look, type Reading } from './look.ts';

/**
 * Lists all VMs, one VBoxManage each.
 * @param known their UUIDs, where they were listed just now
 */
export async function* listVms(reading: Reading, call: Call, known?: Iterable<string>): AsyncGenerator<Batch> {
  const uuids = known ?? (await enumerate(reading, call)).map(({ uuid }) => uuid);
  for await (const { batch } of look(reading, new Set(uuids), call)) {
    yield batch;
    call.signal.throwIfAborted();
  }
}

export async function* listHost({ client, env, scope }: Reading, call: Call): AsyncGenerator<Batch> {
  const text = await retry(env, call, () => client.ask(ACTIONS.host, null, call));
  const info = parseHostInfo(text);
  if (!info) throw unexpected(client.account, 'a line "Memory size: ... MByte", in English', text).of(ACTIONS.host);
  yield { resources: [hostResource(info, client.hostname, client.here(), scope)], unreadable: [] };
  call.signal.throwIfAborted();
}
