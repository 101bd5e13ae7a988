import { ComputeManagementClient } from '@azure/arm-compute';
import { createPipelineRequest, type HttpClient } from '@azure/core-rest-pipeline';
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import { abortable } from '../kit/abortable.ts';
import { isLoopback } from '../kit/endpoint.ts';
import { parseJson } from '../kit/http.ts';
import { fields, textOf } from '../kit/read.ts';
import { asHttps, transport } from './client-http.ts';
import type { AzureConfig } from './config.ts';
import { credentialsOf } from './credentials.ts';
import { sdkError } from './errors.ts';

/** Rows of one page, as the SDK hands them out (`properties` flattened) or as ARM sends them; the mapping reads both. */
export interface ArmPage {
  rows: readonly unknown[];
  /** Address of the next page. */
  next: string | undefined;
}

type List = (subscription: string, next: string | undefined, call: Call) => Promise<ArmPage>;
type ListOf = (subscription: string, of: string, next: string | undefined, call: Call) => Promise<ArmPage>;

/** The calls of the policy (`permissions.json`). */
export interface AzureClient {
  subscription(subscription: string, call: Call): Promise<unknown>;
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

const PUBLIC_CLOUD = 'https://management.azure.com';
const SUBSCRIPTIONS_API = '2022-12-01';
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
  const endpoint = config.endpoint?.replace(/\/+$/, '') ?? PUBLIC_CLOUD;
  const { credential, renew } = credentialsOf(config);
  const ms = config.timeout * 1000;
  const options = { connect: { timeout: Math.min(ms, 10_000) }, connections: 8 };
  const dispatcher: Dispatcher = isLoopback(new URL(endpoint)) ? new Agent(options) : new EnvHttpProxyAgent(options);

  /** A client for one call: the SDK hands a signal to first pages only, so it is bound to the transport instead. */
  function open(subscription: string, call: Call, idleMs: number): { sdk: ComputeManagementClient; http: HttpClient } {
    const limits = { idleMs, totalMs: 3 * idleMs };
    const http = transport({ endpoint, dispatcher, clock: env.clock, place: subscription, call, limits });
    const sdk = new ComputeManagementClient(credential, subscription, {
      endpoint: asHttps(endpoint),
      credentials: { scopes: [`${config.endpoint ? asHttps(endpoint) : PUBLIC_CLOUD}/.default`] },
      httpClient: http,
      // Tried again by the adapter, which waits on the clock it was handed.
      retryOptions: { maxRetries: 0 },
    });
    return { sdk, http };
  }

  async function guarded<T>(subscription: string, call: Call, work: () => Promise<T>): Promise<T> {
    try {
      return await abortable(work(), call.signal);
    } catch (error) {
      call.signal.throwIfAborted();
      throw sdkError(error, subscription);
    }
  }

  const sdkPage = (
    subscription: string,
    next: string | undefined,
    call: Call,
    list: (sdk: ComputeManagementClient) => Paged,
    idleMs = ms,
  ): Promise<ArmPage> =>
    guarded(subscription, call, async () => {
      const { sdk } = open(subscription, call, idleMs);
      const pages = list(sdk).byPage(next === undefined ? {} : { continuationToken: asHttps(next) });
      const page = await pages.next();
      return page.done ? { rows: [], next: undefined } : { rows: page.value, next: page.value.continuationToken };
    });

  /** What has no client of its own here, through the same pipeline: its sign-in, its policies, its transport. */
  const get = (subscription: string, address: string, call: Call): Promise<unknown> =>
    guarded(subscription, call, async () => {
      const { sdk, http } = open(subscription, call, ms);
      const reply = await sdk.pipeline.sendRequest(http, createPipelineRequest({ url: asHttps(address) }));
      if (reply.status === 401) throw new ProviderError('auth', subscription, 'refused the token (401)');
      return parseJson(reply.bodyAsText ?? '', subscription);
    });

  const getPage = async (subscription: string, address: string, call: Call): Promise<ArmPage> => {
    const body = fields(await get(subscription, address, call));
    if (!Array.isArray(body?.value))
      throw new ProviderError('bad-reply', subscription, 'answered a page without a list of rows');
    return { rows: body.value, next: textOf(body.nextLink) ?? undefined };
  };
  const network =
    (part: string): List =>
    (sub, next, call) =>
      getPage(
        sub,
        next ?? `${endpoint}/subscriptions/${sub}/providers/Microsoft.Network/${part}?api-version=${NETWORK_API}`,
        call,
      );
  const scaleSetNetwork =
    (part: string): ListOf =>
    (sub, set, next, call) => {
      const { group, name } = partsOf(set, sub);
      const path = `/subscriptions/${sub}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/${name}/${part}`;
      return getPage(sub, next ?? `${endpoint}${path}?api-version=${SCALE_SET_NETWORK_API}`, call);
    };

  return {
    subscription: (sub, call) => get(sub, `${endpoint}/subscriptions/${sub}?api-version=${SUBSCRIPTIONS_API}`, call),
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
        Math.max(ms, SLOW_MS),
      ),
    interfaces: network('networkInterfaces'),
    publicAddresses: network('publicIPAddresses'),
    scaleSetInterfaces: scaleSetNetwork('networkInterfaces'),
    scaleSetPublicAddresses: scaleSetNetwork('publicipaddresses'),
    renew,
    close: () => dispatcher.close(),
  };
}

/** Resource group and name of a scale set's id, which ARM answered and is not trusted further than that. */
function partsOf(id: string, subscription: string): { group: string; name: string } {
  const match =
    /^\/subscriptions\/[^/]+\/resourceGroups\/([\w.()-]+)\/providers\/Microsoft\.Compute\/virtualMachineScaleSets\/([\w.-]+)$/i.exec(
      id,
    );
  if (!match?.[1] || !match[2])
    throw new ProviderError('bad-reply', subscription, 'answered a scale set without a usable id');
  return { group: match[1], name: match[2] };
}
