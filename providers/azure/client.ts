import { ComputeManagementClient } from '@azure/arm-compute';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { type ArmPage, openAccess } from '#providers/clouds/azure/client-access.ts';
import { asHttps } from '#providers/clouds/azure/client-http.ts';
import { type SubscriptionCalls, subscriptionCalls } from '#providers/clouds/azure/subscriptions.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { Call, Environment } from '../contract.ts';
import type { AzureConfig } from './config.ts';

export type { ArmPage };

type List = (subscription: string, next: string | undefined, call: Call) => Promise<ArmPage>;
type ListOf = (subscription: string, of: string, next: string | undefined, call: Call) => Promise<ArmPage>;

/** The calls of the policies (`permissions*.json`). */
export interface AzureClient extends SubscriptionCalls {
  virtualMachines: List;
  /** The same machines with nothing but their run-time status. */
  powerStates: List;
  scaleSets: List;
  /** Instances of a Uniform scale set, named by its ARM id, with their status. */
  scaleSetVms: ListOf;
  /** Sizes of a location; takes 20 to 30 s to answer (azure-rest-api-specs#29633). */
  skus: ListOf;
  interfaces: List;
  publicAddresses: List;
  /** Not among `interfaces`: those of a Uniform scale set's instances. */
  scaleSetInterfaces: ListOf;
  scaleSetPublicAddresses: ListOf;
  /** Drops the credential in use; the next call signs in anew. */
  renew(): void;
  close(): Promise<void>;
}

const NETWORK_API = '2024-05-01';
/** The one version in which scale sets have their network parts. */
const SCALE_SET_NETWORK_API = '2018-10-01';
const SLOW_MS = 120_000;

interface Paged {
  byPage(settings: {
    continuationToken?: string;
  }): AsyncIterator<readonly unknown[] & { continuationToken?: string | undefined }>;
}

export function openClient(config: AzureConfig, env: Environment): AzureClient {
  const access = openAccess(config, env);
  const { endpoint } = access;

  const open = (subscription: string, httpClient: HttpClient): ComputeManagementClient =>
    new ComputeManagementClient(access.credential, subscription, {
      endpoint: asHttps(endpoint),
      credentials: { scopes: [access.scope] },
      httpClient,
      // Tried again by the adapter, which waits on the clock it was handed.
      retryOptions: { maxRetries: 0 },
    });

  const sdkPage = (
    subscription: string,
    next: string | undefined,
    call: Call,
    list: (sdk: ComputeManagementClient) => Paged,
    idleMs?: number,
  ): Promise<ArmPage> =>
    access.guardedPage(
      subscription,
      call,
      async (http) => {
        const settings = next === undefined ? {} : { continuationToken: asHttps(next) };
        const page = await list(open(subscription, http)).byPage(settings).next();
        return page.done ? { rows: [], next: undefined } : { rows: page.value, next: page.value.continuationToken };
      },
      idleMs,
    );

  const network =
    (part: string): List =>
    (sub, next, call) =>
      access.page(
        sub,
        next ?? `/subscriptions/${sub}/providers/Microsoft.Network/${part}?api-version=${NETWORK_API}`,
        call,
      );
  const scaleSetNetwork =
    (part: string): ListOf =>
    (sub, set, next, call) => {
      const { group, name } = partsOf(set, sub);
      const path = `/subscriptions/${sub}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}/${part}`;
      return access.page(sub, next ?? `${path}?api-version=${SCALE_SET_NETWORK_API}`, call);
    };

  return {
    ...subscriptionCalls(access, env),
    virtualMachines: (sub, next, call) => sdkPage(sub, next, call, (sdk) => sdk.virtualMachines.listAll()),
    powerStates: (sub, next, call) =>
      sdkPage(sub, next, call, (sdk) => sdk.virtualMachines.listAll({ statusOnly: 'true' })),
    scaleSets: (sub, next, call) => sdkPage(sub, next, call, (sdk) => sdk.virtualMachineScaleSets.listAll()),
    scaleSetVms: (sub, set, next, call) => {
      const { group, name } = partsOf(set, sub);
      return sdkPage(sub, next, call, (sdk) =>
        sdk.virtualMachineScaleSetVMs.list(group, name, { expand: 'instanceView' }),
      );
    },
    skus: (sub, location, next, call) =>
      sdkPage(
        sub,
        next,
        call,
        (sdk) => sdk.resourceSkus.list({ filter: `location eq '${location}'` }),
        Math.max(config.timeout * 1000, SLOW_MS),
      ),
    interfaces: network('networkInterfaces'),
    publicAddresses: network('publicIPAddresses'),
    scaleSetInterfaces: scaleSetNetwork('networkInterfaces'),
    scaleSetPublicAddresses: scaleSetNetwork('publicipaddresses'),
    renew: () => access.renew(),
    close: () => access.close(),
  };
}

/** Resource group and name of a scale set's id, which ARM answered and is not trusted further than that. */
function partsOf(id: string, subscription: string): { group: string; name: string } {
  const match =
    /^\/subscriptions\/[^/]+\/resourceGroups\/([\w.()-]+)\/providers\/Microsoft\.Compute\/virtualMachineScaleSets\/([\w.-]+)$/i.exec(
      id,
    );
  if (!match?.[1] || !match[2]) throw unexpected(subscription, 'a usable id of a scale set', id);
  return { group: match[1], name: match[2] };
}
