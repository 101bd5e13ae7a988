import { findField } from '#lib/language/fields.ts';

/** Names of the model that are another field's in the grammar. */
const KEYS: Readonly<Record<string, string>> = {
  nativeState: 'native',
  stateReason: 'reason',
  readyReason: 'ready.reason',
  lastEnd: 'last',
  addresses: 'ip',
  mappedAddresses: 'ip',
  privateAddresses: 'ip',
  publicAddresses: 'ip',
  createdAt: 'created',
  hostedBy: 'on',
  nativeId: 'id',
};

const WORDS: Readonly<Record<string, string>> = {
  startedAt: 'Started',
  requests: 'Requests',
  limits: 'Limits',
  allocatable: 'Allocatable',
  physical: 'Physical',
  mappedAddresses: 'Mapped address',
  // Their names in changes that were recorded before how an address is attached and how far it reaches were two things.
  privateAddresses: 'Private address',
  publicAddresses: 'Public address',
  aliases: 'Aliases',
  identities: 'Identities',
  tags: 'Tags',
  consoleUrl: 'Console',
};

/** What people call a field that has changed: its label in the table of fields, or the model's own name where it has none. */
export function fieldLabel(name: string): string {
  return WORDS[name] ?? findField(KEYS[name] ?? name)?.label ?? name;
}
