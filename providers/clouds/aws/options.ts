import { z } from 'zod';
import { timeoutSchema } from '#providers/kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '#providers/kit/unread.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';

const accountId = z.string().regex(/^\d{12}$/, 'expected an account id of 12 digits, in quotes');
const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'expected the name of a region such as eu-west-1');
const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/;
const roleArn = z.string().regex(ROLE, 'expected arn:aws:iam::<account>:role/<name>');
const externalId = z.string().min(2).max(1224);

const accountSchema = z
  .strictObject({
    id: accountId.describe('Account that the credential must belong to'),
    roleArn: roleArn.optional().describe('Role to assume'),
    externalId: externalId.optional().describe('External id that the trust policy of the role asks for'),
  })
  .refine((a) => a.roleArn === undefined || ROLE.exec(a.roleArn)?.[1] === a.id, {
    path: ['roleArn'],
    message: 'expected a role of the account that is named beside it',
  })
  .refine((a) => a.externalId === undefined || a.roleArn !== undefined, {
    path: ['externalId'],
    message: 'expected only together with roleArn',
  });
export type AwsAccount = z.infer<typeof accountSchema>;

const organizationSchema = z.strictObject({
  role: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'expected the name of a role, without its path')
    .default('MusterReadOnly')
    .describe('Role to assume in every account; the account of the credential itself is read without it'),
  externalId: externalId.optional().describe('External id that the trust policies of these roles ask for'),
  managementRoleArn: roleArn
    .optional()
    .describe('Role of the management or delegated administrator account for organizations:ListAccounts'),
  exclude: z.array(accountId).max(5000).default([]).describe('Accounts of the organisation that are not listed'),
});

/** How accounts and regions of AWS are reached; shared by all that read AWS. */
export const awsAccessShape = {
  accounts: z
    .array(accountSchema)
    .max(5000)
    .default([])
    .describe('Accounts to list; without any, the one that the credential belongs to'),
  organization: organizationSchema.optional().describe('Lists every active account of the organisation instead'),
  profile: z.string().min(1).optional().describe('Profile of ~/.aws; without it the default credential chain'),
  region: regionName
    .default('us-east-1')
    .describe('Where identity and regions are asked: us-gov-west-1 or cn-north-1 in the other partitions'),
  regions: z.array(regionName).min(1).optional().describe('Only these regions; without it all that are enabled'),
  endpoint: endpointSchema.optional(),
  timeout: timeoutSchema,
};

const shape = z.strictObject(awsAccessShape);
export type AwsAccessOptions = z.infer<typeof shape>;

/** What the keys of {@link awsAccessShape} must agree on. */
export function checkAccess(options: AwsAccessOptions & { mock?: unknown }, ctx: z.RefinementCtx): void {
  const { accounts, organization } = options;
  const issue = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
  if (new Set(accounts.map((a) => a.id)).size !== accounts.length) issue('accounts', 'expected each account once');
  if (organization && accounts.length > 0) issue('organization', 'expected either accounts or organization');
  if (options.mock !== undefined) refuseUnread(options, ['profile', 'endpoint'], BESIDE_MOCK, ctx);
}
