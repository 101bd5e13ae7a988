import path from 'node:path';
import { z } from 'zod';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { sshSchema } from '#providers/kit/ssh/ssh-options.ts';
import { isLoopback } from '#providers/kit/wire/endpoint.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';
import { type Address, parseAddress } from './client/address.ts';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'expected an absolute path');

const hostSchema = z
  .string()
  .max(500)
  .superRefine((text, ctx) => {
    const address = parseAddress(text);
    if (typeof address === 'string') ctx.addIssue({ code: 'custom', message: address });
  });

const tlsSchema = z.strictObject({
  ca: absolute
    .optional()
    .describe('Certificate of the authority that signed the server; default is what the system trusts'),
  cert: absolute.optional().describe('Certificate of the client, by which the engine knows it'),
  key: absolute.optional().describe('Its private key, without a passphrase'),
});

/** One source is one engine, or several that are reached the same way. */
export const configSchema = z
  .strictObject({
    host: hostSchema
      .optional()
      .describe('Engine as in DOCKER_HOST: unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host'),
    hosts: z.array(hostSchema).min(1).max(500).optional().describe('Several engines with the same certificates or key'),
    tls: tlsSchema.optional().describe('For tcp://; without it tcp:// is for loopback only'),
    ssh: sshSchema.optional().describe('For ssh://'),
    insecure: z
      .literal(true)
      .optional()
      .describe(
        'Plain tcp:// to other machines: whoever sees the traffic is root there. Warns for as long as it is set',
      ),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .superRefine((config, ctx) => {
    const wrong = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    const origins = [config.host, config.hosts, config.mock].filter((value) => value !== undefined);
    if (config.host !== undefined && config.hosts !== undefined) wrong('hosts', 'expected host or hosts, not both');
    if (origins.length === 0) wrong('host', 'expected host, hosts or mock');
    if (new Set(config.hosts).size !== (config.hosts ?? []).length) wrong('hosts', 'expected each engine once');
    if ((config.tls?.cert === undefined) !== (config.tls?.key === undefined))
      wrong('tls', 'expected cert and key together');
    if (config.mock) {
      refuseUnread(config, ['tls', 'ssh', 'insecure'], BESIDE_MOCK, ctx);
      return;
    }
    const addresses = addressesOf(config);
    const plain = addresses.filter((address) => address.type === 'tcp' && !isOwn(address));
    if (!addresses.some(({ type }) => type === 'tcp'))
      refuseUnread(config, ['tls'], 'only tcp:// is encrypted by it, and no engine here is reached so', ctx);
    if (!addresses.some(({ type }) => type === 'ssh'))
      refuseUnread(config, ['ssh'], 'only ssh:// reads it; write ssh://user@host', ctx);
    if (config.tls) refuseUnread(config, ['insecure'], 'with tls nothing is plain; leave one of the two out', ctx);
    else if (plain.length === 0)
      refuseUnread(
        config,
        ['insecure'],
        'it is for plain tcp:// to other machines, and no engine here is reached so',
        ctx,
      );
    for (const address of addresses) {
      if (address.type === 'tcp' && !config.tls && !config.insecure && !isOwn(address))
        wrong('tls', 'expected tls, as plain tcp:// is for loopback only (insecure: true allows it)');
      if (address.type !== 'ssh') continue;
      if (!config.ssh) wrong('ssh', 'expected ssh with keyFile and knownHosts or fingerprint');
      else if (!config.ssh.knownHosts && !config.ssh.fingerprint)
        wrong('ssh', "expected knownHosts or fingerprint: a server's key is never trusted unseen");
    }
  });
export type DockerConfig = z.infer<typeof configSchema>;

/** Engines in the order of the configuration. */
export const hostsOf = (config: {
  host?: string | undefined;
  hosts?: readonly string[] | undefined;
}): readonly string[] => config.hosts ?? (config.host === undefined ? [] : [config.host]);

const isOwn = ({ host }: { host: string }): boolean => isLoopback(new URL(`http://${host}`));

function addressesOf(config: { host?: string | undefined; hosts?: readonly string[] | undefined }): Address[] {
  return hostsOf(config)
    .map(parseAddress)
    .filter((address) => typeof address !== 'string');
}
