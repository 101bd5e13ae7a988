import { z } from 'zod';
import { errorKindSchema } from './error-kind.ts';
import { type Resource, timestampSchema } from './resource.ts';

/**
 * Fields that some providers know by a second call only: sizes of an instance type, addresses of an interface, the owner of a
 * ReplicaSet, the labels of a node. Where that call fails, what they hold in a row says nothing. A Nova server in a cell that is
 * down is little more than its id: there it is all but the state. Whether a Docker container that was created could not be started
 * only inspect knows. When an EC2 instance was created only its devices tell, which it loses when it is terminated.
 */
export const DETAIL_FIELDS = [
  'name',
  'state',
  'stateReason',
  'ready',
  'readyReason',
  'restarts',
  'requests',
  'limits',
  'allocatable',
  'physical',
  'aliases',
  'type',
  'vcpus',
  'memory',
  'region',
  'zone',
  'workload',
  'image',
  'os',
  'identities',
  'addresses',
  'mappedAddresses',
  'createdAt',
  'startedAt',
  'tags',
  'isolation',
  'hostedBy',
  'consoleUrl',
] as const satisfies readonly (keyof Resource)[];
export type DetailField = (typeof DETAIL_FIELDS)[number];

/** By uid, the fields of a row that could not be looked up; rows whose fields are all known are not in it. */
export type Unknowns = ReadonlyMap<string, readonly DetailField[]>;

/** A call beside the list that fails: what only it tells is as it was stored, or not known. The rows and their states are right. */
export const detailErrorSchema = z.object({
  /** In the provider's words: `ec2:DescribeInstanceTypes`. */
  call: z.string().min(1),
  /** What only this call tells. */
  fields: z.array(z.enum(DETAIL_FIELDS)).readonly(),
  kind: errorKindSchema,
  /** Follows the call in a sentence, without a full stop: `answers 500: try later`. Never a secret. */
  message: z.string(),
  /** Since when it has failed without a success in between. */
  since: timestampSchema,
});
export type DetailError = z.infer<typeof detailErrorSchema>;

/** One error a call: fields together, the earliest time and the newest word. */
export function mergeDetailErrors(...lists: readonly (readonly DetailError[])[]): DetailError[] {
  const byCall = new Map<string, DetailError>();
  for (const error of lists.flat()) {
    const known = byCall.get(error.call);
    byCall.set(
      error.call,
      known === undefined
        ? error
        : {
            ...error,
            fields: [...new Set([...known.fields, ...error.fields])],
            since: [known.since, error.since].toSorted()[0] ?? error.since,
          },
    );
  }
  return [...byCall.values()];
}

/**
 * The calls that fail and of whose fields this row holds nothing, with these fields alone: there an empty field does not mean that the
 * provider says nothing.
 */
export function notKnown(row: Omit<Resource, 'raw'>, errors: readonly DetailError[]): DetailError[] {
  return errors.flatMap((error) => {
    const fields = error.fields.filter((field) => isOpen(row, field));
    return fields.length === 0 ? [] : [{ ...error, fields }];
  });
}

/** Kinds of workloads above which another stands as a rule, which only a call of its own tells. */
const BELOW: ReadonlySet<string> = new Set(['ReplicaSet', 'Job']);

function isOpen(row: Omit<Resource, 'raw'>, field: DetailField): boolean {
  const value = row[field];
  if (value === null) return true;
  if (field === 'workload') return BELOW.has(row.workload?.kind ?? '');
  return Array.isArray(value) && value.length === 0;
}
