import { z } from 'zod';
import { awsAccessShape, checkAccess } from '#providers/clouds/aws/options.ts';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';

export const awsConfig = z.strictObject({ ...awsAccessShape, mock: mockSchema.optional() }).superRefine(checkAccess);
export type AwsConfig = z.infer<typeof awsConfig>;
