import { z } from 'zod';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { parseSshAddress } from '#providers/kit/ssh/ssh-address.ts';
import { sshSchema } from '#providers/kit/ssh/ssh-options.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';

const hostSchema = z
  .string()
  .max(500)
  .superRefine((text, ctx) => {
    const address = parseSshAddress(text);
    if (typeof address === 'string') ctx.addIssue({ code: 'custom', message: address });
  });

/** One source is the VMs of one user on one machine, here or over ssh, or of several that are reached the same way. */
export const virtualBoxConfig = z
  .strictObject({
    host: hostSchema
      .optional()
      .describe('As ssh://user@host, whose VirtualBox it is. Without it, that of the user that runs the collector'),
    hosts: z.array(hostSchema).min(1).max(500).optional().describe('Several users or machines with the same key'),
    ssh: sshSchema.optional().describe('For ssh://'),
    hostname: z
      .string()
      .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'expected a host name')
      .optional()
      .describe('Name of the machine, where host is an address or another name of it: one row for all its users'),
    vboxManage: z
      .string()
      .regex(/^(\/[A-Za-z0-9._/ +-]+|[A-Za-z]:\\[A-Za-z0-9._\\ ()+-]+)$/, 'expected an absolute path')
      .optional()
      .describe('The VBoxManage to run; default is the one on the PATH, there where VirtualBox is'),
    timeout: timeoutSchema.describe('Seconds without a word after which a VBoxManage is ended'),
    mock: mockSchema.optional(),
  })
  .superRefine((config, ctx) => {
    const wrong = (key: string, message: string) => ctx.addIssue({ code: 'custom', path: [key], message });
    if (config.host !== undefined && config.hosts !== undefined) wrong('hosts', 'expected host or hosts, not both');
    if (new Set(config.hosts).size !== (config.hosts ?? []).length) wrong('hosts', 'expected each host once');
    if (config.mock) {
      refuseUnread(config, ['ssh', 'hostname', 'vboxManage'], BESIDE_MOCK, ctx);
      return;
    }
    const addresses = hostsOf(config);
    if (addresses.length === 0) refuseUnread(config, ['ssh'], 'only ssh:// reads it; write host: ssh://user@host', ctx);
    else if (!config.ssh) wrong('ssh', 'expected ssh with keyFile and knownHosts or fingerprint');
    else if (!config.ssh.knownHosts && !config.ssh.fingerprint)
      wrong('ssh', "expected knownHosts or fingerprint: a server's key is never trusted unseen");
    const machines = new Set(addresses.map(machineOf));
    if (config.hostname !== undefined && machines.size > 1)
      wrong('hostname', 'expected no hostname: it is the name of one machine, and hosts leads to several');
  });
export type VirtualBoxConfig = z.infer<typeof virtualBoxConfig>;

/** As configured; empty where VirtualBox is on the machine of the collector. */
export const hostsOf = (config: {
  host?: string | undefined;
  hosts?: readonly string[] | undefined;
}): readonly string[] => config.hosts ?? (config.host === undefined ? [] : [config.host]);

function machineOf(host: string): string {
  const address = parseSshAddress(host);
  return typeof address === 'string' ? host : `${address.host}:${address.port}`;
}
