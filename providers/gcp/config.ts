import { z } from 'zod';
import { checkAccess, gcpAccessShape } from '../kit/gcp/options.ts';
import { mockSchema } from '../kit/mock-options.ts';

export const gcpConfig = z.strictObject({ ...gcpAccessShape, mock: mockSchema.optional() }).superRefine(checkAccess);
export type GcpConfig = z.infer<typeof gcpConfig>;
