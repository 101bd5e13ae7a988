import type { Resource } from './resource.ts';

/**
 * Fields that some providers know by a second call only: sizes of an instance type, addresses of an interface, the owner of a
 * ReplicaSet, the labels of a node. Where that call is refused, what they hold in a row says nothing.
 */
export type DetailField = keyof Pick<
  Resource,
  | 'vcpus'
  | 'memory'
  | 'region'
  | 'zone'
  | 'workload'
  | 'os'
  | 'identities'
  | 'privateAddresses'
  | 'publicAddresses'
  | 'isolation'
  | 'consoleUrl'
>;

/** By uid, the fields of a row that could not be looked up; rows whose fields are all known are not in it. */
export type Unknowns = ReadonlyMap<string, readonly DetailField[]>;
