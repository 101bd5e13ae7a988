import { z } from 'zod';
import { azureAccessShape, checkAccess } from '#providers/clouds/azure/options.ts';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';

export const azureConfig = z
  .strictObject({ ...azureAccessShape, mock: mockSchema.optional() })
  .superRefine(checkAccess);
export type AzureConfig = z.infer<typeof azureConfig>;
