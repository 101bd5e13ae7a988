import { IDENTITY_TYPES, type Identity } from '#lib/model/index.ts';

export type IdentityType = Identity['type'];

/** Number of an identity's type, as entries keep it. */
export const TYPE = Object.fromEntries(IDENTITY_TYPES.map((type, number) => [type, number])) as Record<
  IdentityType,
  number
>;

/** Types of which one shared value proves that rows are one machine, strongest first. */
export const CERTAIN: readonly IdentityType[] = [
  'provider-id',
  'resource-id',
  'instance-id',
  'vm-id',
  'runtime-id',
  'system-uuid',
  'boot-id',
];

/** Types whose shared value speaks for one machine without proving it: images are cloned with their machine id, MACs are set by hand. */
export const LIKELY: readonly IdentityType[] = ['machine-id', 'mac'];

/** By type: 1 and up for the certain ones, the strongest lowest; 0 for the others. A person's decision is before, shared guests are behind. */
export const RANK: Uint8Array = byType(CERTAIN);
export const GUESTS_RANK = CERTAIN.length + 1;

/** By type: not 0 where a value that two rows of one role have is a conflict. */
export const EXCLUSIVE: Uint8Array = byType([...CERTAIN, ...LIKELY]);

/** Built of names, which are used again: two machines with different instance ids may have had the same. */
export const isName = (type: number): boolean => type === TYPE['provider-id'] || type === TYPE['resource-id'];

function byType(types: readonly IdentityType[]): Uint8Array {
  const ranks = new Uint8Array(IDENTITY_TYPES.length);
  for (const [index, type] of types.entries()) ranks[TYPE[type]] = index + 1;
  return ranks;
}

/** Addresses that say nothing at all, for every machine has them. */
export const isOwn = (address: string): boolean => /^(127\.|169\.254\.|0\.|::1?$|fe[89ab][0-9a-f]:)/i.test(address);

/** Addresses that mean another machine in each network (RFC 1918, 6598, 4193). */
export const isPrivate = (address: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|f[cd][0-9a-f]{2}:)/i.test(
    address,
  );

/** A name without its domain; null for one that is built of an address and so says nothing that the address does not. */
export function shortName(hostname: string): string | null {
  if (/^(ip-)?\d{1,3}([-.]\d{1,3}){3}(\.|$)/.test(hostname)) return null;
  const short = hostname.split('.', 1)[0] ?? '';
  return short === '' || short === 'localhost' ? null : short;
}
