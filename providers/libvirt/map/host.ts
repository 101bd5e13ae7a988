import { type OwnMachine, ProviderError } from '#providers/contract.ts';
import { isFirmwareUuid } from '#providers/kit/firmware.ts';
import { isOwnMachine } from '#providers/kit/own-machine.ts';
import { asRecord } from '#providers/kit/read.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import type { HostAnswer } from '../client/client.ts';
import type { ConnectionUri } from '../client/uri.ts';
import { child, children, childText, type Element, parseXml } from '../client/xml.ts';
import { mebibytes } from './amount.ts';
import { nodeFacts } from './node-facts.ts';

/** Who answers a connection. */
export interface Host {
  /** The UUID of the hypervisor, lower case; where the driver knows none, its name with driver and path. */
  id: string;
  /** What its firmware says; null where it says nothing that one machine alone has. */
  uuid: string | null;
  hostname: string;
  /** Names the domains of this connection among all of this hypervisor: driver, path, and of a session whose it is. */
  view: string;
  /** What stands before the UUID of each in its uid: two drivers of one hypervisor do not see each other's. */
  domains: string;
  /** MiB as of now; null where the driver does not tell. */
  memory: number | null;
  /** The collector's own machine, where that is this one. */
  own: OwnMachine | null;
  /** What this driver does not tell of it, in virsh's words. */
  unreported: readonly string[];
  capabilities: Element | null;
}

/**
 * @throws ProviderError `bad-reply` where the answer names no host; why its capabilities could not be read: under its name alone it would
 * be another host than before, and the one that was known gone
 */
export function hostOf(answer: HostAnswer, uri: ConnectionUri): Host {
  if (answer.failure && answer.failure.kind !== 'unsupported') throw answer.failure;
  const hostname = answer.hostname?.trim() || null;
  const capabilities = capabilitiesOf(answer.capabilities, uri);
  const text = childText(child(capabilities, 'host'), 'uuid')?.trim().toLowerCase() ?? '';
  const uuid = isFirmwareUuid(text) ? text : null;
  // A driver inside of virsh that tells no name (VMware Workstation) is on the machine that virsh runs on.
  const name = hostname ?? (new URL(uri.text).hostname || (uri.here ? (answer.localName ?? '') : ''));
  if (uuid === null && name === '')
    throw new ProviderError('bad-reply', uri.place, 'says neither its UUID nor its name');
  // The daemon of the system lets root in by the name of a session, too: it runs others' processes, which a session's cannot.
  const isSystem = uri.driver === 'qemu' && modelsOf(capabilities).includes('dac');
  const view = isSystem ? 'qemu:/system' : uuid === null ? uri.local : uri.view;
  const id = uuid ?? `${name.toLowerCase()}:${view}`;
  const memory = memoryOf(answer.nodememstats ?? null);
  return {
    id,
    uuid,
    hostname: name || (uuid ?? ''),
    view,
    domains: uuid === null ? id : `${id}/${view}`,
    memory,
    own: isOwn(answer, uri, memory) ? (answer.here ?? null) : null,
    unreported: [
      ...(answer.capabilities === null ? ['capabilities'] : []),
      ...(hostname === null ? ['hostname'] : []),
      ...(answer.nodeinfo === null ? ['nodeinfo'] : []),
    ],
    capabilities,
  };
}

const modelsOf = (capabilities: Element | null): (string | null)[] =>
  children(child(capabilities, 'host'), 'secmodel').map((model) => childText(asRecord(model), 'model'));

/** The total of `virsh nodememstats`, `total  :  24683656 KiB`: what there is now, where `nodeinfo` keeps what there was as the daemon began. */
function memoryOf(text: string | null): number | null {
  const [, amount = null, unit = null] = /^total\s*:\s*(\d+) (\S+)\s*$/m.exec(text ?? '') ?? [];
  return mebibytes(amount, unit) || null;
}

/** A connection without a host that names this machine and has its memory. The test driver's host is made up. */
function isOwn({ here, hostname, nodeinfo }: HostAnswer, uri: ConnectionUri, memory: number | null): boolean {
  if (!here || !uri.here || uri.driver === 'test') return false;
  return isOwnMachine(here, { hostname: hostname?.trim() ?? null, memory: memory ?? nodeFacts(nodeinfo).memory });
}

function capabilitiesOf(text: string | null, uri: ConnectionUri): Element | null {
  if (text === null) return null;
  try {
    return parseXml(text.trim(), 'capabilities');
  } catch (error) {
    if (!(error instanceof UnreadableRow)) throw error;
    throw new ProviderError('bad-reply', uri.place, `capabilities: ${error.message}`);
  }
}
