import path from 'node:path';
import { z } from 'zod';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'expected an absolute path');

const vmrestSchema = z
  .strictObject({
    url: endpointSchema
      .default('http://127.0.0.1:8697/api')
      .describe('Address of the REST service; https, or http on loopback'),
    user: z.string().min(1).max(200).describe('User that `vmrest -C` was told'),
    passwordFile: absolute.describe('File that holds the password of this user and nothing else'),
    ca: absolute
      .optional()
      .describe('Certificate of the authority that signed the service; default is what the system trusts'),
  })
  .superRefine(({ url, ca }, ctx) => {
    if (ca !== undefined && !/^https:/i.test(url))
      ctx.addIssue({ code: 'custom', path: ['ca'], message: 'expected no ca: plain http has no certificate' });
  });
export type VmrestConfig = z.infer<typeof vmrestSchema>;

/** One source is one machine: by its REST service, or by `vmrun` and the files of the user that the collector runs as. */
export const workstationConfig = z
  .strictObject({
    host: z
      .string()
      .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, 'expected the name of a machine')
      .optional()
      .describe('Name of the machine that runs the VMs; default is the name in the address, on loopback this one'),
    vmrest: vmrestSchema.optional().describe('The REST service of Workstation Pro and Fusion'),
    vmrun: absolute
      .optional()
      .describe('The vmrun to run; without vmrest it is the way in, beside it it checks a list that is empty'),
    inventory: absolute
      .optional()
      .describe('Library of VMs that is read with vmrun: inventory.vmls of Workstation, vmInventory of Fusion'),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .superRefine((config, ctx) => {
    if (config.mock) {
      refuseUnread(config, ['vmrest', 'vmrun', 'inventory'], BESIDE_MOCK, ctx);
      return;
    }
    if (config.vmrest) refuseUnread(config, ['inventory'], 'vmrest knows the library itself', ctx);
    else if (config.vmrun === undefined && config.inventory === undefined)
      ctx.addIssue({ code: 'custom', path: ['vmrest'], message: 'expected vmrest, or vmrun and inventory' });
    else refuseUnread(config, ['host'], 'vmrun runs on this machine; leave it out', ctx);
  });
export type WorkstationConfig = z.infer<typeof workstationConfig>;
