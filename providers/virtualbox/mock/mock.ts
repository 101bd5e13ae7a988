import { fleetOf } from '#lib/demo/index.ts';
import { type Environment, ProviderError } from '#providers/contract.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import { parseSshAddress } from '#providers/kit/ssh/ssh-address.ts';
import type { VirtualBoxClient } from '../client/client.ts';
import { vboxError } from '../client/errors.ts';
import { answer, rowOf } from './wire.ts';

/** The laptops of the fleet as clients of the real adapter, all of them or those with these addresses. */
export function mockClients(
  options: MockOptions,
  hosts: readonly string[],
  { clock, source }: Environment,
): VirtualBoxClient[] {
  const fleet = fleetOf(options);
  const wanted = new Set(hosts.map(accountOf));
  const clients = fleet.laptops().flatMap((laptop): VirtualBoxClient[] => {
    const { user, hostname } = laptop;
    const account = `${user}@${hostname}`;
    if (hosts.length > 0 && !wanted.has(account)) return [];
    return [
      {
        user,
        hostname,
        account,
        here: () => null,
        async ask(action, uuid, { signal }) {
          signal.throwIfAborted();
          const said = answer(action, uuid, laptop, [...fleet.at(clock.now()).virtualBoxVms(laptop)].map(rowOf));
          if (said.code !== 0) throw vboxError(said.stderr, account).of(action);
          return said.stdout;
        },
        stamp: async () => null,
        renew: () => undefined,
        close: async () => undefined,
      },
    ];
  });
  if (clients.length === 0) throw new ProviderError('config', source, 'the fleet of the demo has no such machine');
  return clients;
}

function accountOf(host: string): string {
  const address = parseSshAddress(host);
  return typeof address === 'string' ? host : `${address.user}@${address.host}`;
}
