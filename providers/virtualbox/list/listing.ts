import type { Batch } from '#lib/model/index.ts';
import type { Call } from '#providers/contract.ts';
import { hostResource } from '../map/map-host.ts';
import { enumerate, hostInfo, look, type Reading } from './look.ts';

/** Lists all VMs, one VBoxManage each. */
export async function* listVms(reading: Reading, call: Call): AsyncGenerator<Batch> {
  const uuids = (await enumerate(reading, call)).map(({ uuid }) => uuid);
  for await (const { batch } of look(reading, new Set(uuids), call)) {
    yield batch;
    call.signal.throwIfAborted();
  }
}

export async function* listHost({ client, env, scope }: Reading, call: Call): AsyncGenerator<Batch> {
  const info = await hostInfo(client, env, call);
  yield { resources: [hostResource(info, client.hostname, client.here(), scope)], unreadable: [] };
  call.signal.throwIfAborted();
}
