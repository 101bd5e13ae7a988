import { type Desk, fleetOf } from '#lib/demo/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import type { VmrestClient } from '../client/client.ts';
import { RefusedByVmrest } from '../client/refused.ts';
import * as wire from './wire.ts';

const NO_SUCH = { status: 404, headers: {}, body: { Code: 0, Message: 'No such resource' }, excerpt: '' };

/** The desks of the fleet as clients of the real adapter, all of them or the one of this name. */
export function mockClients(options: MockOptions, host: string | undefined, env: Environment): VmrestClient[] {
  const fleet = fleetOf(options);
  const desks = fleet.desks().filter(({ hostname }) => host === undefined || hostname === host.toLowerCase());
  if (desks.length === 0)
    throw new ProviderError('config', env.source, 'host: the fleet of the demo has no such machine');
  return desks.map((desk) => mockClient(desk, () => [...fleet.at(env.clock.now()).deskVms(desk)].map(wire.rowOf)));
}

function mockClient({ hostname }: Desk, rows: () => wire.VmRow[]): VmrestClient {
  // What is asked of each VM is asked right behind the list that it belongs to.
  let shown: ReadonlyMap<string, wire.VmRow> = new Map();
  const look = (): wire.VmRow[] => {
    const all = rows();
    shown = new Map(all.map((row) => [row.id ?? '', row]));
    return all;
  };
  const of =
    (answer: (row: wire.VmRow) => object) =>
    async (id: string, { signal }: Call): Promise<object> => {
      signal.throwIfAborted();
      const row = shown.get(id) ?? look().find((each) => each.id === id);
      if (!row) throw new RefusedByVmrest(hostname, NO_SUCH, 0);
      return answer(row);
    };
  return {
    place: hostname,
    host: hostname,
    own: () => null,
    async networks({ signal }) {
      signal.throwIfAborted();
      return wire.networksAnswer();
    },
    async vms({ signal }) {
      signal.throwIfAborted();
      return wire.listAnswer(look());
    },
    power: of(wire.powerAnswer),
    settings: of(wire.settingsAnswer),
    nics: of(wire.nicsAnswer),
    addresses: of(wire.addressesAnswer),
    param: (id, name, call) => of((row) => wire.paramAnswer(row, name))(id, call),
    renew: () => undefined,
    close: async () => undefined,
  };
}
