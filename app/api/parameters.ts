import { z } from 'zod';
import { q, revision, sort } from '#lib/api/parameters.ts';

export const exportParameters = z.strictObject({ q, sort });

export const refreshBody = z.strictObject({
  scope: z.string().min(1).max(1024).default('*').describe('Id of a scope, or `*` for all'),
});

export const streamParameters = z.strictObject({
  since: revision.optional().describe('Revision last seen, where no Last-Event-ID can be sent'),
});
