import { z } from 'zod';
import { checkAccess, gcpAccessShape } from '#providers/clouds/gcp/options.ts';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';

export const gcpConfig = z.strictObject({ ...gcpAccessShape, mock: mockSchema.optional() }).superRefine(checkAccess);
export type GcpConfig = z.infer<typeof gcpConfig>;
