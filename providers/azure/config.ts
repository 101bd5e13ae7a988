import { z } from 'zod';
import { endpointSchema } from '../kit/endpoint.ts';
import { mockSchema } from '../kit/mock-options.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';

const uuidSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'expected a UUID')
  .transform((id) => id.toLowerCase());
const fileSchema = z.string().min(1).optional();

/** One credential is named, never a chain that is probed, unless `default` is what the operator wants. */
export const CREDENTIALS = ['default', 'managed-identity', 'workload-identity', 'azure-cli'] as const;

export const azureConfig = z
  .strictObject({
    tenant: uuidSchema
      .optional()
      .describe('Tenant (directory) that must own, or manage, the subscriptions; others are refused'),
    subscriptions: z.array(uuidSchema).max(5000).default([]).describe('Ids of the subscriptions to list'),
    credential: z.enum(CREDENTIALS).optional().describe('Which credential to use; default: the chain of the Azure SDK'),
    clientId: uuidSchema.optional().describe('Application (client) id, or that of a user-assigned managed identity'),
    clientSecretFile: fileSchema.describe('File that holds the client secret; with tenant and clientId'),
    certificateFile: fileSchema.describe('PEM file with certificate and key; with tenant and clientId'),
    authority: endpointSchema.optional().describe('Sign-in address of a sovereign cloud'),
    endpoint: endpointSchema.optional(),
    token: z.string().min(1).optional().describe('Static bearer token, only together with endpoint'),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .superRefine((c, ctx) => {
    const wrong = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (!c.mock && c.subscriptions.length === 0) wrong('subscriptions', 'expected at least one subscription id');
    if (c.token !== undefined && c.endpoint === undefined) wrong('token', 'expected only together with endpoint');
    const named = {
      clientSecretFile: c.clientSecretFile,
      certificateFile: c.certificateFile,
      credential: c.credential,
    };
    const used = Object.entries({ ...named, token: c.token }).filter(([, value]) => value !== undefined);
    for (const [key] of used.slice(1)) wrong(key, `expected one way to sign in; ${used[0]?.[0]} is one already`);
    if (c.clientSecretFile ?? c.certificateFile) {
      if (!c.tenant) wrong('tenant', 'expected with clientSecretFile or certificateFile');
      if (!c.clientId) wrong('clientId', 'expected with clientSecretFile or certificateFile');
    }
  });
export type AzureConfig = z.infer<typeof azureConfig>;
