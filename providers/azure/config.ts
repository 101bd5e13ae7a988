import { z } from 'zod';
import { azureAccessShape, checkAccess } from '../kit/azure/options.ts';
import { mockSchema } from '../kit/mock-options.ts';

export const azureConfig = z
  .strictObject({ ...azureAccessShape, mock: mockSchema.optional() })
  .superRefine(checkAccess);
export type AzureConfig = z.infer<typeof azureConfig>;
