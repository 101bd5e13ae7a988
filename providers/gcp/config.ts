import { z } from 'zod';
import { endpointSchema } from '../kit/endpoint.ts';
import { mockSchema } from '../kit/mock-options.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';

// Ids, not numbers: answers name the project by its id, and that is compared.
const projectSchema = z
  .string()
  .regex(/^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'expected a project id such as my-project-1, not its number');

export const gcpConfig = z
  .strictObject({
    projects: z.array(projectSchema).max(5000).default([]).describe('Ids of the projects to list'),
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
    mock: mockSchema.optional(),
  })
  .refine((c) => c.mock !== undefined || c.projects.length > 0, {
    path: ['projects'],
    message: 'expected at least one project id',
  })
  .refine((c) => c.token === undefined || c.endpoint !== undefined, {
    path: ['token'],
    message: 'expected only together with endpoint: Google takes no static tokens',
  })
  .refine((c) => c.token === undefined || c.credentialsFile === undefined, {
    path: ['token'],
    message: 'expected token or credentialsFile, not both',
  });
export type GcpConfig = z.infer<typeof gcpConfig>;
