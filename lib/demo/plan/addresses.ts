import { hex, mix } from '../time/hash.ts';
import type { Platform } from '../types/types.ts';
import { LAB } from './plan-virtualbox.ts';
import type { Slot } from './slots.ts';

/** Unique within its place as long as a slot's generations alternate; networks of a large fleet overlap, as they do. */
export function privateAddress(slot: Slot, generation: number): string {
  if (slot.place.account.cloud === 'virtualbox') return bridgedAddress(0, LAB.cluster);
  const number = 256 + slot.index * 2 + (((generation % 2) + 2) % 2);
  return `10.${16 + (slot.place.number % 230)}.${Math.floor(number / 250)}.${4 + (number % 250)}`;
}

/** Of a VM in the network of its laptop. */
export const bridgedAddress = (laptop: number, vm: number): string => `192.168.${50 + (laptop % 100)}.${10 + vm}`;

/** From 198.18.0.0/15 (RFC 2544), which nobody routes. */
export function publicAddress(slot: Slot, generation: number): string {
  const hash = mix(...slot.key, 31, generation);
  return `198.${18 + (hash & 1)}.${(hash >>> 8) & 255}.${1 + ((hash >>> 16) % 254)}`;
}

/** From 2001:20::/28 (ORCHIDv2, RFC 7343): globally reachable by IANA's register, and no machine's. */
export function ipv6Address(slot: Slot, generation: number): string {
  const h = hex(16, [...slot.key, 32, generation]);
  return `2001:2${h.slice(12, 13)}:${trim(h.slice(0, 4))}:${trim(h.slice(4, 8))}::${trim(h.slice(8, 12))}`;
}

const trim = (group: string): string => group.replace(/^0{1,3}/, '');

const PREFIX: Readonly<Record<Platform, string>> = {
  aws: '0a',
  gcp: '42:01',
  azure: '00:22:48',
  openstack: 'fa:16:3e',
  virtualbox: '08:00:27',
};

/** Shuffled, but never the same for two numbers below 2^24. */
export function threeBytes(number: number): string {
  const shuffled = (Math.imul(number, 0x9e3779b1) >>> 0) & 0xffffff;
  return (shuffled.toString(16).padStart(6, '0').match(/../g) ?? []).join(':');
}

export function macAddress(cloud: Platform, slot: Slot, generation: number, address: string): string {
  // Compute Engine makes the MAC of the address.
  if (cloud === 'gcp')
    return [PREFIX.gcp, ...address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))].join(':');
  // Three bytes are too few to be left to chance: no two machines share a MAC.
  if (cloud !== 'aws')
    return `${PREFIX[cloud]}:${threeBytes((slot.place.offset + slot.index) * 2 + (((generation % 2) + 2) % 2))}`;
  const rest = hex(12, [...slot.key, 33, generation]);
  const bytes = rest.match(/../g) ?? [];
  return [PREFIX[cloud], ...bytes].join(':').slice(0, 17);
}
