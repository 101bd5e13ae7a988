import { z } from 'zod';

// Query strings are text: numbers are parsed here, and only whole ones pass.
const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, `expected a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

const q = z.string().max(4096).default('').describe('Filter in the query language; empty = everything');
const sort = z.string().max(64).default('').describe('Field, `-` in front for descending; empty = name');
const keys = z
  .string()
  .max(512)
  .transform((text) => text.split(',').filter((key) => key !== ''))
  .pipe(z.array(z.string().max(128)).min(1).max(16));

export const resourcesParameters = z
  .strictObject({
    q,
    sort,
    limit: whole(1, 1000).default(100).describe('Rows of a page'),
    cursor: z.string().max(2048).optional().describe('`next` of the page before: stable while rows come and go'),
    offset: whole(0, 10_000_000).optional().describe('Row to start at: random access'),
  })
  .refine((p) => p.cursor === undefined || p.offset === undefined, 'expected cursor or offset, not both');

export const FACET_FIELDS = 'provider,kind,state,region,account,type,os,cluster,tag.team';

export const facetsParameters = z.strictObject({
  q,
  fields: keys.default(FACET_FIELDS.split(',')).describe('Fields to count, separated by commas; `tag.<key>` for a tag'),
});

export const groupsParameters = z.strictObject({
  q,
  by: z
    .string('expected a field to group by')
    .min(1, 'expected a field to group by')
    .max(128)
    .describe('Field to group by'),
});

export const capacityParameters = z.strictObject({ q });

export const identityParameters = z.strictObject({
  confidence: z.enum(['likely', 'possible']).default('likely').describe('Which pairs that wait for a decision'),
  limit: whole(1, 500).default(100),
  offset: whole(0, 10_000_000).default(0),
});

export const treeParameters = z.strictObject({
  q,
  sort,
  parent: z.string().min(1).max(8192).optional().describe('Uid of a row of the machine to look on; none = the roots'),
  limit: whole(1, 1000).default(100),
  offset: whole(0, 10_000_000).default(0),
});

export const changesParameters = z.strictObject({
  q,
  since: whole(0, Number.MAX_SAFE_INTEGER).optional().describe('Only changes after this revision'),
  before: whole(0, Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before'),
  limit: whole(1, 1000).default(100),
});

export const exportParameters = z.strictObject({ q, sort });

export const refreshBody = z.strictObject({
  scope: z.string().min(1).max(1024).default('*').describe('Id of a scope, or `*` for all'),
});

export const streamParameters = z.strictObject({
  since: whole(0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe('Revision last seen, where no Last-Event-ID can be sent'),
});
