import type { Resource } from './resource.ts';

/**
 * Fields that some providers know by a second call only: sizes of an instance type, addresses of an interface, the owner of a
 * ReplicaSet, the labels of a node. Where that call is refused, what they hold in a row says nothing. A Nova server in a cell that is
 * down is little more than its id: there it is all but the state. Whether a Docker container that was created could not be started
 * only inspect knows.
 */
export type DetailField = keyof Pick<
  Resource,
  | 'name'
  | 'state'
  | 'stateReason'
  | 'ready'
  | 'readyReason'
  | 'restarts'
  | 'requests'
  | 'limits'
  | 'aliases'
  | 'type'
  | 'vcpus'
  | 'memory'
  | 'region'
  | 'zone'
  | 'workload'
  | 'image'
  | 'os'
  | 'identities'
  | 'addresses'
  | 'mappedAddresses'
  | 'startedAt'
  | 'tags'
  | 'isolation'
  | 'hostedBy'
  | 'consoleUrl'
>;

/** By uid, the fields of a row that could not be looked up; rows whose fields are all known are not in it. */
export type Unknowns = ReadonlyMap<string, readonly DetailField[]>;
