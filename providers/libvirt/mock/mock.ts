import { type Fleet, fleetOf, type LibvirtHost } from '#lib/demo/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import type { MockOptions } from '#providers/kit/mock/mock-options.ts';
import type { LibvirtClient } from '../client/client.ts';
import { type ConnectionUri, parseUri } from '../client/uri.ts';
import { capabilitiesXml, type DomainRow, domainXml, leaseTable, nodeInfo, rowOf } from './wire.ts';

/** How often a mock hypervisor looks for what its fleet did since. */
const TICK_MS = 1000;
const LISTED = new Set(['running', 'paused', 'shut off']);

/** The hypervisors of the fleet as clients of the real adapter, all of them or the one with this URI. */
export function mockClients(options: MockOptions, uri: string | undefined, env: Environment): LibvirtClient[] {
  const fleet = fleetOf(options);
  const hosts = fleet.libvirtHosts().filter((host) => uri === undefined || host.uri === uri);
  if (hosts.length === 0) throw new ProviderError('config', env.source, 'the fleet of the demo has no such hypervisor');
  return hosts.map((host) => mockClient(fleet, host, env));
}

function mockClient(fleet: Fleet, host: LibvirtHost, { clock }: Environment): LibvirtClient {
  const uri = checked(host.uri);
  const rows = (): DomainRow[] => [...fleet.at(clock.now()).domains(host)].map(rowOf);
  const answer = {
    capabilities: capabilitiesXml(host),
    hostname: `${host.hostname}\n`,
    nodeinfo: nodeInfo(host),
  };
  return {
    uri,
    async host({ signal }) {
      signal.throwIfAborted();
      return answer;
    },
    async enumerate({ signal }) {
      signal.throwIfAborted();
      const all = rows();
      const states = new Map(all.filter(({ state }) => LISTED.has(state)).map(({ uuid, state }) => [uuid, state]));
      return { ...answer, nodeinfo: null, uuids: all.map(({ uuid }) => uuid), states };
    },
    async describe(wanted, { signal }, take) {
      signal.throwIfAborted();
      const byUuid = new Map(rows().map((row) => [row.uuid, row]));
      for (const { uuid, state } of wanted) {
        const row = byUuid.get(uuid);
        take({
          uuid,
          xml: row ? domainXml(row) : null,
          state: row && state === null ? `${row.state} (${row.reason})` : state,
          addresses: row && row.state !== 'shut off' ? leaseTable(row) : null,
        });
      }
      return [...byUuid.keys()];
    },
    async events(call, line) {
      line(host.uri);
      await follow(fleet, host, clock, call, line);
    },
    close: async () => undefined,
  };
}

/** Tells each change as libvirt would: what it was does not matter, whose it was does. */
async function follow(
  fleet: Fleet,
  host: LibvirtHost,
  clock: Environment['clock'],
  { signal }: Call,
  line: (text: string) => void,
): Promise<void> {
  let from = clock.now();
  for (;;) {
    await clock.sleep(TICK_MS, signal);
    const to = clock.now();
    // A wall clock that was set back has no news.
    if (to <= from) continue;
    const { put, gone } = fleet.changedDomains(host, from, to);
    const stamp = new Date(to).toISOString().replace('T', ' ').replace('Z', '+0000');
    for (const { name } of gone) line(`${stamp}: event 'lifecycle' for domain '${name}': Undefined Removed`);
    for (const { name } of put) line(`${stamp}: event 'lifecycle' for domain '${name}': Defined Updated`);
    from = to;
  }
}

function checked(text: string): ConnectionUri {
  const uri = parseUri(text);
  if (typeof uri === 'string') throw new ProviderError('config', 'libvirt', uri);
  return uri;
}
