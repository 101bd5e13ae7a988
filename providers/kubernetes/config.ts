import path from 'node:path';
import { z } from 'zod';
import { awsAccessShape, checkAccess as checkAws } from '#providers/clouds/aws/options.ts';
import { azureAccessShape, checkAccess as checkAzure } from '#providers/clouds/azure/options.ts';
import { checkAccess as checkGcp, gcpAccessShape } from '#providers/clouds/gcp/options.ts';
import { mockSchema } from '#providers/kit/mock/mock-options.ts';
import { endpointSchema } from '#providers/kit/wire/endpoint.ts';
import { timeoutSchema } from '../kit/timeout-option.ts';
import { BESIDE_MOCK, refuseUnread } from '../kit/unread.ts';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'expected an absolute path');
const contexts = z.array(z.string().min(1)).max(500);

/** One source is one kubeconfig or a folder of them with any number of clusters, the cluster that Muster itself runs in, or the mock. */
export const configSchema = z
  .strictObject({
    kubeconfig: absolute.optional().describe('A kubeconfig file, or a folder of them; their clusters are listed'),
    contexts: contexts
      .min(1)
      .optional()
      .describe('Only these contexts of it, by name or as file:name in a folder; default is all of them'),
    inCluster: z
      .literal(true)
      .optional()
      .describe('The cluster that this process runs in, as the service account of its pod'),
    eks: z
      .strictObject(awsAccessShape)
      .superRefine(checkAws)
      .optional()
      .describe('EKS clusters of accounts or of an organisation, with keys as those of provider aws'),
    gke: z
      .strictObject(gcpAccessShape)
      .superRefine(checkGcp)
      .optional()
      .describe('GKE clusters of projects, named or found, with keys as those of provider gcp'),
    aks: z
      .strictObject(azureAccessShape)
      .superRefine(checkAzure)
      .optional()
      .describe('AKS clusters of subscriptions, named or found, with keys as those of provider azure'),
    endpoint: endpointSchema
      .optional()
      .describe('Address of the API server instead of the one in the kubeconfig; one context only'),
    names: z.record(z.string(), z.string().min(1)).optional().describe('What to call a cluster, by context'),
    allowCommands: z
      .array(absolute)
      .optional()
      .describe('Commands that the kubeconfig may run for credentials (`exec`); none by default'),
    allowFiles: z
      .array(absolute)
      .optional()
      .describe('Files or folders outside of the folder of the kubeconfig that it may name; none by default'),
    insecureContexts: contexts
      .optional()
      .describe('Contexts whose server may go without a verified certificate; each shows a permanent warning'),
    timeout: timeoutSchema,
    mock: mockSchema.optional(),
  })
  .superRefine((config, ctx) => {
    const { kubeconfig, inCluster, eks, gke, aks, mock } = config;
    const origins = [kubeconfig, inCluster, eks, gke, aks, mock].filter((value) => value !== undefined);
    if (origins.length !== 1)
      ctx.addIssue({
        code: 'custom',
        path: [],
        message: 'expected exactly one of kubeconfig, inCluster, eks, gke, aks, mock',
      });
    if (mock !== undefined)
      refuseUnread(config, ['endpoint', 'names', 'allowCommands', 'allowFiles', 'insecureContexts'], BESIDE_MOCK, ctx);
    else if (kubeconfig === undefined) {
      const why = 'it is about contexts of a kubeconfig, and none is named here';
      refuseUnread(config, ['contexts', 'names', 'allowCommands', 'allowFiles'], why, ctx);
      if (!inCluster) refuseUnread(config, ['endpoint', 'insecureContexts'], why, ctx);
    } else if (config.endpoint !== undefined && config.contexts?.length !== 1)
      ctx.addIssue({ code: 'custom', path: ['endpoint'], message: 'expected exactly one entry in contexts beside it' });
  });

export type KubernetesConfig = z.infer<typeof configSchema>;
