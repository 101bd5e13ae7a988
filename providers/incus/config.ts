import path from 'node:path';
import { z } from 'zod';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';
import { parseAddress } from './client/address.ts';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'expected an absolute path');

const hostSchema = z
  .string()
  .max(500)
  .superRefine((text, ctx) => {
    const address = parseAddress(text);
    if (typeof address === 'string') ctx.addIssue({ code: 'custom', message: address });
  });

const tlsSchema = z.strictObject({
  cert: absolute.describe('Certificate of the client, by which the server knows it'),
  key: absolute.describe('Its private key, without a passphrase'),
  fingerprint: z
    .string()
    .transform((text) => text.replaceAll(':', '').toLowerCase())
    .refine((text) => /^[0-9a-f]{64}$/.test(text), 'expected 64 hexadecimal digits: the SHA-256 of the certificate')
    .optional()
    .describe("SHA-256 of the server's or cluster's certificate, as `incus info` prints certificate_fingerprint"),
  ca: absolute
    .optional()
    .describe('Authority that signed the server, instead of fingerprint; default is what the system trusts'),
});

// As the server takes them: no white space, slash, comma.
const projectSchema = z.string().regex(/^[^\s/,'"?&+%]{1,64}$/, 'expected the name of a project');

/** One source is one server or cluster, or several that are reached the same way. */
export const configSchema = z
  .strictObject({
    host: hostSchema
      .optional()
      .describe(
        'Where the server listens, as unix:///var/lib/incus/unix.socket, unix:///var/snap/lxd/common/lxd/unix.socket, https://host:8443',
      ),
    hosts: z
      .array(hostSchema)
      .min(1)
      .max(500)
      .optional()
      .describe('Several servers, or members of a cluster of which any may answer, with the same certificate'),
    tls: tlsSchema.optional().describe('For https://'),
    projects: z
      .array(projectSchema)
      .min(1)
      .max(200)
      .optional()
      .describe('Only these projects, as a restricted certificate needs it; default is all'),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .superRefine((config, ctx) => {
    const wrong = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    const origins = [config.host, config.hosts, config.mock].filter((value) => value !== undefined);
    if (config.host !== undefined && config.hosts !== undefined) wrong('hosts', 'expected host or hosts, not both');
    if (origins.length === 0) wrong('host', 'expected host, hosts or mock');
    if (new Set(config.hosts).size !== (config.hosts ?? []).length) wrong('hosts', 'expected each server once');
    if (new Set(config.projects).size !== (config.projects ?? []).length)
      wrong('projects', 'expected each project once');
    if (config.mock) {
      refuseUnread(config, ['host', 'hosts', 'tls'], BESIDE_MOCK, ctx);
      return;
    }
    if (config.tls?.fingerprint !== undefined && config.tls.ca !== undefined)
      wrong('tls', 'expected fingerprint or ca, not both');
    const encrypted = hostsOf(config).map((host) => isEncrypted(host));
    if (!encrypted.includes(true))
      refuseUnread(config, ['tls'], 'only https:// reads it, and no server here is reached so', ctx);
    else if (!config.tls)
      wrong('tls', 'expected tls with cert and key: a server knows its clients by their certificates');
  });
export type IncusConfig = z.infer<typeof configSchema>;

/** Servers in the order of the configuration. */
export const hostsOf = (config: {
  host?: string | undefined;
  hosts?: readonly string[] | undefined;
}): readonly string[] => config.hosts ?? (config.host === undefined ? [] : [config.host]);

function isEncrypted(host: string): boolean {
  const address = parseAddress(host);
  return typeof address !== 'string' && address.type === 'https';
}
