import { z } from 'zod';
import { timeoutSchema } from '#providers/kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '#providers/kit/unread.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';

// Ids, not numbers: answers name the project by its id, and that is compared.
const projectSchema = z
  .string()
  .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'expected a project id such as my-project-1, not its number');

const discoverSchema = z.strictObject({
  query: z
    .string()
    .min(1)
    .max(500)
    .default('state:ACTIVE')
    .describe('Search of the Resource Manager, such as "state:ACTIVE labels.env:prod"'),
  exclude: z
    .array(z.string().regex(/^[a-z0-9:.*-]+$/, 'expected a project id, * stands for any characters'))
    .max(1000)
    .default(['sys-*'])
    .describe('Projects that are not listed; sys-* are those of Apps Script'),
});

/** How projects of Google Cloud are reached; shared by all that read Google Cloud. */
export const gcpAccessShape = {
  projects: z.array(projectSchema).max(5000).default([]).describe('Ids of the projects to list'),
  discover: discoverSchema
    .optional()
    .describe(
      'Lists every project that the credential sees instead: those of an organisation where it is granted there',
    ),
  credentialsFile: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Credentials file of Google (service account, workload identity); without it Application Default Credentials',
    ),
  endpoint: endpointSchema.optional(),
  token: z.string().min(1).optional().describe('Static bearer token, only together with endpoint'),
  timeout: timeoutSchema,
};

const shape = z.strictObject(gcpAccessShape);
export type GcpAccessOptions = z.infer<typeof shape>;

/** What the keys of {@link gcpAccessShape} must agree on. */
export function checkAccess(options: GcpAccessOptions & { mock?: unknown }, ctx: z.RefinementCtx): void {
  const { projects, discover, credentialsFile, endpoint, token, mock } = options;
  const issue = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
  if (discover && projects.length > 0) issue('discover', 'expected either projects or discover');
  if (mock !== undefined) {
    refuseUnread(options, ['credentialsFile', 'endpoint', 'token'], BESIDE_MOCK, ctx);
    return;
  }
  if (!discover && projects.length === 0) issue('projects', 'expected at least one project id, or discover');
  if (token !== undefined && endpoint === undefined)
    issue('token', 'expected only together with endpoint: Google takes no static tokens');
  if (token !== undefined && credentialsFile !== undefined)
    issue('token', 'expected token or credentialsFile, not both');
}
