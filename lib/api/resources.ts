import { z } from 'zod';
import {
  changeSchema,
  detailErrorSchema,
  resourceSchema,
  scopeStateSchema,
  scopeStatusSchema,
  timestampSchema,
} from '#lib/model/index.ts';

/** How complete and how old an answer is: the scopes behind it, counted by state. */
export const freshnessSchema = z.object({
  /** Scopes by state; states without a scope are left out. */
  scopes: z.partialRecord(scopeStateSchema, z.number().int().positive()),
  /** Resources of the answer's whole result whose scope is fresh. */
  fresh: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  /** Oldest last success among the scopes behind the result; null if one of them never succeeded. */
  oldest: timestampSchema.nullable(),
  /** Scopes that are not fresh, worst first, at most 20. */
  problems: z.array(
    scopeStatusSchema.pick({
      id: true,
      provider: true,
      label: true,
      state: true,
      reason: true,
      since: true,
      lastSuccess: true,
      count: true,
    }),
  ),
});
export type Freshness = z.infer<typeof freshnessSchema>;

/** A row of the list: the resource without raw detail, and what the row says about itself. */
export const itemSchema = resourceSchema.omit({ raw: true }).extend({
  /** The one thing worth knowing beside the name, or null. */
  note: z.string().nullable(),
  /** Whether it has a globally routable address; null where not all of its addresses are known and none of the others is. */
  exposed: z.boolean().nullable(),
  /** State of the scope that owns it. */
  scopeState: scopeStateSchema,
  firstSeen: timestampSchema,
  /** Uid of the row that stands for its machine: its own where it is alone. */
  machine: z.string(),
  /** Rows that are this machine, itself included. */
  members: z.number().int().positive(),
  /** What its machine runs on directly, null where nothing is known. */
  host: z
    .object({
      uid: z.string(),
      name: z.string(),
      kind: resourceSchema.shape.kind,
      /** Uid of the row that stands for the host's machine. */
      machine: z.string(),
    })
    .nullable(),
  /** Name of the host that it is, is one machine with or runs on directly: `<cluster>/<node>`, a Docker host's or hypervisor's name. */
  node: z.string().nullable(),
  /** Rows that run on its machine directly. */
  guests: z.number().int().nonnegative(),
  /** Calls that fail and of whose fields the row holds nothing, with these fields: there `null` does not mean that the provider says nothing. */
  notKnown: z.array(detailErrorSchema),
  /** Last time it was confirmed, by itself or by a complete listing of its scope. */
  lastSeen: timestampSchema,
});
export type Item = z.infer<typeof itemSchema>;

export const resourcePageSchema = z.object({
  total: z.number().int().nonnegative(),
  items: z.array(itemSchema),
  /** Cursor of the next page, null at the end. */
  next: z.string().nullable(),
  revision: z.number().int().nonnegative(),
  freshness: freshnessSchema,
});
export type ResourcePage = z.infer<typeof resourcePageSchema>;

export const resourceDetailSchema = z.object({
  resource: itemSchema,
  raw: resourceSchema.shape.raw,
  /** ISO time if it has disappeared. */
  removedAt: timestampSchema.nullable(),
  changes: z.array(changeSchema),
  scope: scopeStatusSchema,
});
export type ResourceDetail = z.infer<typeof resourceDetailSchema>;

/** Facet values, most frequent first, at most 100 a field; `""` stands for "not set". */
export const facetsSchema = z.object({
  total: z.number().int().nonnegative(),
  facets: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.number().int().positive() }))),
  /** Fields of which values were left out. */
  truncated: z.array(z.string()),
});
export type Facets = z.infer<typeof facetsSchema>;

/** Sums over a group. `vcpus` and `memory` (MiB) are provisioned (VMs), never mixed with requests of containers. */
export const groupSchema = z.object({
  value: z.string(),
  /** For people, where the value is an id: the name of a machine. */
  label: z.string().nullable(),
  count: z.number().int().positive(),
  vms: z.number().int().nonnegative(),
  containers: z.number().int().nonnegative(),
  hosts: z.number().int().nonnegative(),
  running: z.number().int().nonnegative(),
  /** Sum over VMs that are not terminated; null if none of them is known. */
  vcpus: z.number().nullable(),
  memory: z.number().nullable(),
  averageVcpus: z.number().nullable(),
  averageMemory: z.number().nullable(),
  /** Sum over running containers; null if none of them is known. Cores and MiB. */
  requestedCpu: z.number().nullable(),
  requestedMemory: z.number().nullable(),
  /** Sum over nodes and container hosts; a node that is a container on one of them counts only without it. */
  allocatableCpu: z.number().nullable(),
  allocatableMemory: z.number().nullable(),
  /** Sum over hypervisors that are not VMs themselves. */
  physicalCpu: z.number().nullable(),
  physicalMemory: z.number().nullable(),
  /** Rows of machines that have another row here which counts: their capacity is in the sums once. */
  duplicates: z.number().int().nonnegative(),
});
export type Group = z.infer<typeof groupSchema>;

export const groupsSchema = z.object({
  total: z.number().int().nonnegative(),
  groups: z.array(groupSchema),
  truncated: z.boolean(),
  /** All of the result as one group (`value` is empty); null where the result is empty. */
  sum: groupSchema.nullable(),
});
export type Groups = z.infer<typeof groupsSchema>;

export const scopesSchema = z.object({ scopes: z.array(scopeStatusSchema), revision: z.number().int().nonnegative() });
export type Scopes = z.infer<typeof scopesSchema>;
export const changesSchema = z.object({
  changes: z.array(changeSchema),
  /** Pass as `before` for older ones, null at the end. */
  next: z.number().int().nullable(),
});
export type Changes = z.infer<typeof changesSchema>;

/** One event of the stream. `uids` are the touched ones, null if too many to name: read again. */
export const streamEventSchema = z.object({ revision: z.number().int(), uids: z.array(z.string()).nullable() });
export type StreamEvent = z.infer<typeof streamEventSchema>;

/** `application/problem+json` (RFC 9457) with a stable code. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.enum([
    'bad-query',
    'bad-parameter',
    'bad-cursor',
    'not-found',
    'not-ready',
    'timeout',
    'wrong-host',
    'method-not-allowed',
    'missing-header',
    'too-large',
    'too-many-requests',
    'internal',
  ]),
  /** For `bad-query`: offset in `q` and what was expected there. */
  position: z.number().int().nonnegative().optional(),
  length: z.number().int().nonnegative().optional(),
  expected: z.string().optional(),
  parameter: z.string().optional(),
});
export type Problem = z.infer<typeof problemSchema>;
