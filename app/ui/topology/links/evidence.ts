import type { Conflict, Evidence, Link } from '#lib/model/index.ts';

/** Evidence in the words that people use for it. */
export const EVIDENCE_WORDS: Readonly<Record<Evidence, string>> = {
  'provider-id': 'providerID',
  'instance-id': 'instance id',
  'resource-id': 'resource id',
  'vm-id': 'VM id',
  'system-uuid': 'system UUID',
  'boot-id': 'start of the kernel',
  'machine-id': 'machine id',
  'runtime-id': 'container id',
  host: 'hypervisor',
  node: 'node name',
  pod: 'pod uid',
  mac: 'MAC address',
  address: 'address',
  hostname: 'host name',
  guests: 'shared guests',
  person: 'decided',
};

/** What stands after the word: of a node, a hypervisor or a guest the last part, which is its name or id; anything else whole. */
export function evidenceValue({ evidence, value }: Pick<Link, 'evidence' | 'value'>): string {
  const isPath = evidence === 'node' || evidence === 'host' || evidence === 'guests';
  return isPath ? value.slice(value.lastIndexOf('/') + 1) : value;
}

/** One sentence for each kind of conflict: what cannot be, and so is not followed. */
export function conflictWords({ kind, evidence, count }: Pick<Conflict, 'kind' | 'evidence' | 'count'>): string {
  if (evidence === 'person') return 'one decision joins what another one splits';
  if (evidence === 'guests')
    return kind === 'split'
      ? 'the same guests run on what a person has split'
      : `the same guests run on ${count} hosts that cannot be one machine`;
  const word = EVIDENCE_WORDS[evidence];
  switch (kind) {
    case 'cloned':
      return `${count} resources say the same ${word}, as copies of one image do`;
    case 'claimed-twice':
      return `two say that they are the one with this ${word}`;
    case 'reused-name':
      return `two machines have had this ${word}`;
    case 'split':
      return `the ${word} joins what a person has split`;
    default:
      return kind satisfies never;
  }
}

/** The links about one pair, whichever way round. */
export const linksBetween = (links: readonly Link[], a: string, b: string): Link[] =>
  links.filter(({ from, to }) => (from === a && to === b) || (from === b && to === a));

/** Whether this identity is what a link stands on. */
export const isLinking = (links: readonly Link[], { type, value }: { type: string; value: string }): boolean =>
  links.some((link) => link.evidence === type && link.value === value && link.confidence === 'certain');
