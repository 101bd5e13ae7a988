import { z } from 'zod';
import { awsAccessShape, checkAccess } from '../kit/aws/options.ts';
import { mockSchema } from '../kit/mock-options.ts';

export const awsConfig = z.strictObject({ ...awsAccessShape, mock: mockSchema.optional() }).superRefine(checkAccess);
export type AwsConfig = z.infer<typeof awsConfig>;
