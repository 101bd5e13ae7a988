import { z } from 'zod';
import { IDENTITY_TYPES } from './identity.ts';
import { timestampSchema } from './resource.ts';
import { CONFIDENCES, RELATIONS, VERDICTS } from './vocabulary.ts';

/** Why two resources are linked: an identity that both have, the guests that both run, or a person's word. */
export const EVIDENCE = [...IDENTITY_TYPES, 'guests', 'person'] as const;
export const evidenceSchema = z.enum(EVIDENCE);
export type Evidence = z.infer<typeof evidenceSchema>;

export const confidenceSchema = z.enum(CONFIDENCES);
export type Confidence = z.infer<typeof confidenceSchema>;

/** One link with its strongest evidence. `same-as` has no direction (`from` < `to`); `runs-on` goes from the guest to its host. */
export const linkSchema = z.object({
  relation: z.enum(RELATIONS),
  from: z.string(),
  to: z.string(),
  evidence: evidenceSchema,
  /** What both have, as `from` says it; a person's reason. */
  value: z.string(),
  confidence: confidenceSchema,
  /** What else is worth knowing of the evidence, in one line: `in the byte order of Azure generation 1`. */
  note: z.string().nullable(),
});
export type Link = z.infer<typeof linkSchema>;

/** Evidence that cannot all be true. None of it is followed; it waits for a person. */
export const conflictSchema = z.object({
  /** `cloned`: more resources than can be one machine share an id. `claimed-twice`: two nodes say that they are one VM. `reused-name`:
   * a name that two machines have had. `split`: a person has split what certain evidence joins. */
  kind: z.enum(['cloned', 'claimed-twice', 'reused-name', 'split']),
  evidence: evidenceSchema,
  value: z.string(),
  /** At least two, at most 20 uids. */
  resources: z.array(z.string()),
  /** How many there are in all. */
  count: z.number().int().positive(),
});
export type Conflict = z.infer<typeof conflictSchema>;

/** What a person said about two resources; it outlives re-listing and the disappearance of either. `a` < `b`: one word per pair. */
export const decisionSchema = z.object({
  a: z.string().min(1).max(8192),
  b: z.string().min(1).max(8192),
  verdict: z.enum(VERDICTS),
  reason: z.string().trim().min(1).max(500),
  at: timestampSchema,
});
export type Decision = z.infer<typeof decisionSchema>;

const areTwo = ({ a, b }: { a: string; b: string }): boolean => a !== b;
const TWO = { path: ['b'], error: 'expected another resource than a' };

/** What a person says of two resources, whichever way round, before it is a {@link Decision}. */
export const opinionSchema = z.strictObject(decisionSchema.omit({ at: true }).shape).refine(areTwo, TWO);
export type Opinion = z.infer<typeof opinionSchema>;

export const pairSchema = z.strictObject(decisionSchema.pick({ a: true, b: true }).shape).refine(areTwo, TWO);
export type Pair = z.infer<typeof pairSchema>;
