import { z } from 'zod';
import { timestampSchema } from './resource.ts';
import { kindSchema } from './state.ts';

/** A resource appeared, changed one field, or disappeared. A scope's first complete listing records no appearances. */
export const changeSchema = z.object({
  /** Revision of the store in which it was committed; changes of one commit share a range. */
  seq: z.number().int().positive(),
  at: timestampSchema,
  uid: z.string(),
  name: z.string(),
  provider: z.string(),
  kind: kindSchema,
  scope: z.string(),
  type: z.enum(['appeared', 'changed', 'disappeared']),
  /** Only for `changed`: a field of the model, or `tag.<key>`. */
  field: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type Change = z.infer<typeof changeSchema>;
