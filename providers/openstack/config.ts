import { z } from 'zod';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';

const text = z.string().min(1).max(255);
const file = z.string().min(1).optional();

const hostSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i,
    'expected a host name such as nova.example.org, without scheme, port or path',
  )
  .transform((host) => host.toLowerCase());

const applicationCredentialSchema = z
  .strictObject({
    id: text.describe('Id of the application credential, not its name'),
    secret: text.optional().describe('Its secret; or secretFile'),
    secretFile: file.describe('File that holds its secret and nothing else'),
  })
  .refine((c) => (c.secret === undefined) !== (c.secretFile === undefined), 'expected either secret or secretFile')
  .describe('Application credential; it is bound to one project');

const SIGN_IN = ['username', 'password', 'passwordFile'] as const;
const DOMAINS = ['domain', 'userDomain', 'projectDomain'] as const;

export const openstackConfig = z
  .strictObject({
    authUrl: endpointSchema
      .refine((url) => !/\/v2(\.0)?\/*$/.test(url), 'expected the address of Keystone v3, not v2.0')
      .optional()
      .describe('Address of Keystone, as OS_AUTH_URL has it; with or without /v3'),
    region: text.optional().describe('Region of the catalogue to list; without it all that have a compute service'),
    applicationCredential: applicationCredentialSchema.optional(),
    username: text.optional().describe('User, together with password or passwordFile'),
    password: text.optional().describe('Password of the user'),
    passwordFile: file.describe('File that holds the password of the user'),
    project: text
      .optional()
      .describe(
        'Name or id of the project in which all projects are asked for; an application credential must be of it',
      ),
    domain: text.optional().describe('Name or id of the domain of user and project; default: the domain "default"'),
    userDomain: text.optional().describe('Domain of the user, where it is another one'),
    projectDomain: text.optional().describe('Domain of the project, where it is another one'),
    interface: z.enum(['public', 'internal']).default('public').describe('Which addresses of the catalogue to use'),
    allowedHosts: z
      .array(hostSchema)
      .max(100)
      .default([])
      .describe('Hosts besides that of authUrl to which the catalogue may send a token'),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .superRefine((c, ctx) => {
    const wrong = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (c.mock) {
      refuseUnread(c, [...SIGN_IN, 'applicationCredential', 'project', ...DOMAINS, 'allowedHosts'], BESIDE_MOCK, ctx);
      return;
    }
    if (c.authUrl === undefined) wrong('authUrl', 'expected the address of Keystone');
    if (c.applicationCredential) {
      for (const key of SIGN_IN)
        if (c[key] !== undefined) wrong(key, 'expected one way to sign in; applicationCredential is one already');
      refuseUnread(c, DOMAINS, 'an applicationCredential is known by its id, which needs no domain', ctx);
      return;
    }
    if (c.username === undefined) wrong('username', 'expected it, or an applicationCredential');
    else if ((c.password === undefined) === (c.passwordFile === undefined))
      wrong('password', 'expected either password or passwordFile');
    if (c.project === undefined || /^[0-9a-f]{32}$/.test(c.project))
      refuseUnread(c, ['projectDomain'], 'it is that of a project that is named by its name, and none is', ctx);
  });
export type OpenStackConfig = z.infer<typeof openstackConfig>;
