import path from 'node:path';
import { z } from 'zod';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';
import { parseUri } from './client/uri.ts';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'expected an absolute path');

const uriSchema = z
  .string()
  .max(2000)
  .superRefine((text, ctx) => {
    const uri = parseUri(text);
    if (typeof uri === 'string') ctx.addIssue({ code: 'custom', message: uri });
  });

/** One source is one connection of libvirt. */
export const libvirtConfig = z
  .strictObject({
    uri: uriSchema
      .optional()
      .describe(
        'Connection as virsh takes it: qemu:///system, qemu+ssh://user@host/system, lxc:///system, esx://user@host/',
      ),
    authFile: absolute
      .optional()
      .describe(
        "libvirt's file of credentials (https://libvirt.org/auth.html#client-configuration); nothing ever asks for a password",
      ),
    virsh: absolute.optional().describe('The virsh to run; default is the one on the PATH'),
    timeout: timeoutSchema.describe('Seconds without a word after which a virsh is ended, with all it started'),
    mock: mockSchema.optional(),
  })
  .superRefine((config, ctx) => {
    if (config.mock) {
      refuseUnread(config, ['authFile', 'virsh'], BESIDE_MOCK, ctx);
      return;
    }
    const uri = parseUri(config.uri ?? '');
    if (config.uri === undefined)
      ctx.addIssue({ code: 'custom', path: ['uri'], message: 'expected a URI of libvirt such as qemu:///system' });
    else if (typeof uri !== 'string' && !uri.signsIn)
      refuseUnread(config, ['authFile'], `the driver ${uri.driver} asks for no credentials`, ctx);
  });
export type LibvirtConfig = z.infer<typeof libvirtConfig>;
