import { z } from 'zod';
import { conflictSchema, decisionSchema, linkSchema, permissionsSeenSchema, resourceSchema } from '#lib/model/index.ts';
import { freshnessSchema, itemSchema } from './resources.ts';

/** A row in few words, where the whole of it would be too much. */
export const resourceSummarySchema = resourceSchema.pick({
  uid: true,
  name: true,
  kind: true,
  provider: true,
  state: true,
});
export type ResourceSummary = z.infer<typeof resourceSummarySchema>;

/** What a person compares to tell whether two rows are one machine. */
export const comparedSchema = resourceSummarySchema.extend(
  resourceSchema.pick({
    account: true,
    region: true,
    zone: true,
    cluster: true,
    type: true,
    createdAt: true,
    addresses: true,
    mappedAddresses: true,
  }).shape,
);
export type Compared = z.infer<typeof comparedSchema>;

/** What runs on a machine, gathered: one entry per workload (or per kind where there is none), the largest first. */
export const guestGroupSchema = z.object({
  kind: resourceSchema.shape.kind,
  workload: resourceSchema.shape.workload,
  cluster: z.string().nullable(),
  namespace: z.string().nullable(),
  /** Exact, however many are told by name. */
  count: z.number().int().positive(),
  pods: z.number().int().nonnegative(),
  running: z.number().int().nonnegative(),
  /** Filter that finds just these. */
  q: z.string(),
  /** The first of them by name, at most 50. */
  items: z.array(itemSchema),
});
export type GuestGroup = z.infer<typeof guestGroupSchema>;

/** One machine of a stack: its rows, the one that stands for it first. */
export const layerSchema = z.object({ machine: z.string(), items: z.array(itemSchema).min(1) });
export type Layer = z.infer<typeof layerSchema>;

export const stackSchema = z.object({
  /** The machine of the resource that was asked for. */
  self: layerSchema,
  /** What it runs on, nearest first: node, VM, hypervisor. Empty where nothing is known. */
  below: z.array(layerSchema),
  /** Why nothing is below the last layer although something must be: `fargate` and the like; null otherwise. */
  managed: resourceSchema.shape.managed,
  /** What runs on it, all the way up. */
  above: z.object({
    /** Exact counts, rows of one machine counted once. */
    hosts: z.number().int().nonnegative(),
    vms: z.number().int().nonnegative(),
    containers: z.number().int().nonnegative(),
    pods: z.number().int().nonnegative(),
    /** Directly or through a layer between, at most 200. */
    groups: z.array(guestGroupSchema),
    truncated: z.boolean(),
  }),
  /** Evidence for each machine of several rows and each step down; match candidates (likely, possible) of this machine as well. */
  links: z.array(linkSchema),
  /** Names for uids in links, conflicts and decisions. */
  named: z.array(resourceSummarySchema),
  conflicts: z.array(conflictSchema),
  decisions: z.array(decisionSchema),
});
export type StackAnswer = z.infer<typeof stackSchema>;

const figureSchema = z.object({
  /** Cores and MiB; null if no row says it. */
  cpu: z.number().nullable(),
  memory: z.number().nullable(),
  /** Rows in the sums. */
  counted: z.number().int().nonnegative(),
  /** Rows left out because another row of their machine counts. */
  duplicates: z.number().int().nonnegative(),
  /** Rows of its kind that do not say how much they have. */
  unknown: z.number().int().nonnegative(),
  /** What the sums would lose if every likely match candidate were confirmed, and how many more rows would be duplicates. */
  likely: z.object({ duplicates: z.number().int().nonnegative(), cpu: z.number(), memory: z.number() }),
});
export type Figure = z.infer<typeof figureSchema>;

/** The five capacities, never mixed. `used` is null until something measures. */
export const figuresSchema = z.object({
  physical: figureSchema,
  provisioned: figureSchema,
  allocatable: figureSchema,
  requested: figureSchema,
  used: figureSchema.nullable(),
});
export type Figures = z.infer<typeof figuresSchema>;

/** Why a total is what it is: for a query's result. */
export const capacitySchema = z.object({
  total: z.number().int().nonnegative(),
  figures: figuresSchema,
  /** Machines with more than one row in the result, at most 100, those that change a figure first. */
  deduplicated: z.array(
    z.object({
      machine: z.string(),
      /** Rows in the result; `counts` names the figures that the row is in. */
      rows: z.array(resourceSummarySchema.extend({ counts: z.array(figuresSchema.keyof()) })),
      links: z.array(linkSchema),
    }),
  ),
  machines: z.number().int().nonnegative(),
  /** Likely match candidates whose confirmation would change a figure, at most 100. */
  candidates: z.array(z.object({ link: linkSchema, a: resourceSummarySchema, b: resourceSummarySchema })),
  freshness: freshnessSchema,
});
export type Capacity = z.infer<typeof capacitySchema>;

export const machineSchema = z.object({
  machine: z.string(),
  members: z.array(itemSchema).min(1),
  links: z.array(linkSchema),
  figures: figuresSchema,
  host: resourceSummarySchema.nullable(),
  guests: z.number().int().nonnegative(),
  conflicts: z.array(conflictSchema),
  decisions: z.array(decisionSchema),
});
export type Machine = z.infer<typeof machineSchema>;

/** Pairs that wait for a decision, conflicts, and decisions. */
export const identityReportSchema = z.object({
  candidates: z.array(
    z.object({
      link: linkSchema,
      a: comparedSchema,
      b: comparedSchema,
      /** What totals would lose. */ figures: z.array(
        z.object({ figure: figuresSchema.keyof(), cpu: z.number(), memory: z.number() }),
      ),
    }),
  ),
  /** Of the confidence asked for, how many there are in all. */
  candidatesTotal: z.number().int().nonnegative(),
  conflicts: z.array(conflictSchema),
  conflictsTotal: z.number().int().nonnegative(),
  decisions: z.array(decisionSchema),
  named: z.array(resourceSummarySchema),
});
export type IdentityReport = z.infer<typeof identityReportSchema>;

/** One line of the tree: a machine, and what of the result stands on it. */
export const treeItemSchema = z.object({
  item: itemSchema,
  /** Whether the row itself is in the result, or only stands below one that is. */
  matches: z.boolean(),
  /** Rows of the result above it, all the way up, itself left out. */
  above: z.number().int().nonnegative(),
  /** All rows above it, whatever the question. */
  aboveTotal: z.number().int().nonnegative(),
  /** Entries that {@link treePageSchema} has with this row as parent. */
  children: z.number().int().nonnegative(),
});
export type TreeItem = z.infer<typeof treeItemSchema>;

/** Entries below one parent (or the roots): a machine is one entry, in the question's order by the row that stands for it. */
export const treePageSchema = z.object({
  parent: z.string().nullable(),
  total: z.number().int().nonnegative(),
  items: z.array(treeItemSchema),
  revision: z.number().int().nonnegative(),
});
export type TreePage = z.infer<typeof treePageSchema>;

export const permissionsAnswerSchema = z.object({ sources: z.array(permissionsSeenSchema) });
