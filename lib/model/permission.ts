import { z } from 'zod';
import { timestampSchema } from './resource.ts';

/** Which call of the least-privilege policy a source turned out to be allowed. */
export const permissionSchema = z.object({
  /** In the provider's words: `ec2:DescribeInstances`. */
  action: z.string(),
  /** Account, project, subscription or cluster. */
  account: z.string(),
  /** Where an account's regions may differ, the region that was asked; null where one answer is for all. */
  region: z.string().nullable(),
  state: z.enum(['allowed', 'denied', 'unknown']),
  /** What is missing without it, or why it could not be told; without secrets. */
  message: z.string().nullable(),
});
export type Permission = z.infer<typeof permissionSchema>;

/** What the last look at the permissions of a source saw. */
export const permissionsSeenSchema = z.object({
  source: z.string(),
  provider: z.string(),
  at: timestampSchema,
  permissions: z.array(permissionSchema),
  /** The least-privilege policy for what is denied, as the provider's own tools take it; null if nothing is. */
  missing: z.object({ format: z.enum(['json', 'yaml', 'text']), text: z.string() }).nullable(),
});
export type PermissionsSeen = z.infer<typeof permissionsSeenSchema>;
