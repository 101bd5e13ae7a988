import { z } from 'zod';
import { endpointSchema } from '../kit/endpoint.ts';
import { mockSchema } from '../kit/mock-options.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';

const accountId = z.string().regex(/^\d{12}$/, 'expected an account id of 12 digits, in quotes');
const regionName = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'expected the name of a region such as eu-west-1');
const ROLE = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/;

const accountSchema = z
  .strictObject({
    id: accountId.describe('Account that the credential must belong to'),
    roleArn: z
      .string()
      .regex(ROLE, 'expected arn:aws:iam::<account>:role/<name>')
      .optional()
      .describe('Role to assume'),
    externalId: z
      .string()
      .min(2)
      .max(1224)
      .optional()
      .describe('External id that the trust policy of the role asks for'),
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

export const awsConfig = z
  .strictObject({
    accounts: z
      .array(accountSchema)
      .max(5000)
      .default([])
      .describe('Accounts to list; without any, the one that the credential belongs to'),
    profile: z.string().min(1).optional().describe('Profile of ~/.aws; without it the default credential chain'),
    region: regionName
      .default('us-east-1')
      .describe('Where identity and regions are asked: us-gov-west-1 or cn-north-1 in the other partitions'),
    regions: z.array(regionName).min(1).optional().describe('Only these regions; without it all that are enabled'),
    endpoint: endpointSchema.optional(),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .refine((c) => new Set(c.accounts.map((a) => a.id)).size === c.accounts.length, {
    path: ['accounts'],
    message: 'expected each account once',
  });
export type AwsConfig = z.infer<typeof awsConfig>;
