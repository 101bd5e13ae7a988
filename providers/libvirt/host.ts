import { ProviderError } from '../contract.ts';
import { isFirmwareUuid } from '../kit/firmware.ts';
import { UnreadableRow } from '../kit/rows.ts';
import type { HostAnswer } from './client.ts';
import type { ConnectionUri } from './uri.ts';
import { child, childText, type Element, parseXml } from './xml.ts';

/** Who answers a connection. */
export interface Host {
  /** The UUID of the hypervisor, lower case; where the driver knows none, its name with driver and path. */
  id: string;
  /** What its firmware says; null where it says nothing that one machine alone has. */
  uuid: string | null;
  hostname: string;
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
  const said = childText(child(capabilities, 'host'), 'uuid')?.trim().toLowerCase() ?? '';
  const uuid = isFirmwareUuid(said) ? said : null;
  const name = hostname ?? new URL(uri.text).hostname;
  if (uuid === null && name === '')
    throw new ProviderError('bad-reply', uri.place, 'says neither its UUID nor its name');
  return { id: uuid ?? `${name.toLowerCase()}:${uri.local}`, uuid, hostname: name || (uuid ?? ''), capabilities };
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
