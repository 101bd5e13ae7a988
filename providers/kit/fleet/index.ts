export { CANARY } from './canary.ts';
export { fleetOf, openFleet } from './fleet.ts';
export { hex, mix, uuid } from './hash.ts';
export { SIZES } from './sizes.ts';
export * from './types.ts';
export type * from './types-docker.ts';
export type * from './types-libvirt.ts';
export type * from './types-openstack.ts';
export type * from './types-truth.ts';
