import { z } from 'zod';
import { timeoutSchema } from '#providers/kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '#providers/kit/unread.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';

const uuidSchema = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'expected a UUID')
  .transform((id) => id.toLowerCase());
const fileSchema = z.string().min(1).optional();

/** One credential is named, never a chain that is probed, unless `default` is what the operator wants. */
export const CREDENTIALS = ['default', 'managed-identity', 'workload-identity', 'azure-cli'] as const;

const discoverSchema = z.strictObject({
  managementGroups: z
    .array(z.string().regex(/^[\w.()-]{1,90}$/, 'expected the id of a management group'))
    .min(1)
    .max(100)
    .optional()
    .describe('Only subscriptions in these management groups, at any depth'),
  exclude: z.array(uuidSchema).max(5000).default([]).describe('Subscriptions that are not listed'),
});

/** How subscriptions are reached; shared by all that read Azure. */
export const azureAccessShape = {
  tenant: uuidSchema
    .optional()
    .describe('Tenant (directory) that must own, or manage, the subscriptions; others are refused'),
  subscriptions: z.array(uuidSchema).max(5000).default([]).describe('Ids of the subscriptions to list'),
  discover: discoverSchema.optional().describe('Lists every subscription that the credential sees instead'),
  credential: z.enum(CREDENTIALS).optional().describe('Which credential to use; default: the chain of the Azure SDK'),
  clientId: uuidSchema.optional().describe('Application (client) id, or that of a user-assigned managed identity'),
  clientSecretFile: fileSchema.describe('File that holds the client secret; with tenant and clientId'),
  certificateFile: fileSchema.describe('PEM file with certificate and key; with tenant and clientId'),
  authority: endpointSchema.optional().describe('Sign-in address of a sovereign cloud'),
  endpoint: endpointSchema.optional(),
  token: z.string().min(1).optional().describe('Static bearer token, only together with endpoint'),
  timeout: timeoutSchema,
};

const shape = z.strictObject(azureAccessShape);
export type AzureAccessOptions = z.infer<typeof shape>;

const SIGN_IN = ['credential', 'clientId', 'clientSecretFile', 'certificateFile', 'token'] as const;

/** What the keys of {@link azureAccessShape} must agree on. */
export function checkAccess(c: AzureAccessOptions & { mock?: unknown }, ctx: z.RefinementCtx): void {
  const wrong = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
  if (c.discover && c.subscriptions.length > 0) wrong('discover', 'expected either subscriptions or discover');
  if (c.mock !== undefined) {
    refuseUnread(c, [...SIGN_IN, 'authority', 'endpoint'], BESIDE_MOCK, ctx);
    return;
  }
  if (!c.discover && c.subscriptions.length === 0)
    wrong('subscriptions', 'expected at least one subscription id, or discover');
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
  if (used.length > 1) return;
  const how = c.token === undefined ? c.credential : 'token';
  if (how === 'token' || how === 'azure-cli')
    refuseUnread(
      c,
      ['clientId', 'authority'],
      `${how} has signed in already and asks neither for an application nor at an authority`,
      ctx,
    );
  if (how === 'managed-identity')
    refuseUnread(c, ['authority'], 'managed-identity is given its token by the machine, not by an authority', ctx);
}
