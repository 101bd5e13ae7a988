import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Call, Environment } from '../contract.ts';
import { isLoopback } from '../kit/endpoint.ts';
import { exchangeJson } from '../kit/http.ts';
import type { GcpConfig } from './config.ts';
import { credentialsOf } from './credentials.ts';
import { gcpError } from './errors.ts';

/** The two calls of the policy (`permissions.yaml`); answers are pages as Google sends them. */
export interface GcpClient {
  /** @param max rows at most on the page; Google takes 500 at most */
  instances(project: string, token: string | undefined, call: Call, max?: number): Promise<unknown>;
  machineTypes(project: string, token: string | undefined, call: Call, max?: number): Promise<unknown>;
  /** Drops the credential in use; the next call reads it anew. */
  renew(): void;
  close(): Promise<void>;
}

// What the mapping reads. `metadata` (startup scripts, ssh keys) does not even leave Google.
const INSTANCE =
  'id,name,status,statusMessage,zone,selfLink,machineType,hostname,creationTimestamp,lastStartTimestamp,lastStopTimestamp,labels,tags/items,cpuPlatform,minCpuPlatform,deletionProtection,scheduling,advancedMachineFeatures,confidentialInstanceConfig,shieldedInstanceConfig,guestAccelerators,networkInterfaces(name,network,subnetwork,networkIP,ipv6Address,ipv6AccessType,accessConfigs(natIP,publicPtrDomainName),ipv6AccessConfigs(externalIpv6)),disks(boot,deviceName,source,diskSizeGb,interface,licenses),resourceStatus/physicalHost';
const PAGE = 'id,nextPageToken,unreachables,warning/code,items/*/warning/code';
const MASKS = {
  instances: `${PAGE},items/*/instances(${INSTANCE})`,
  machineTypes: `${PAGE},items/*/machineTypes(name,guestCpus,memoryMb)`,
};

/**
 * Compute Engine over REST with the credentials of google-auth-library. Not through `@google-cloud/compute`: it drops
 * `returnPartialSuccess` and decodes ten times slower, see `docs/decisions/`.
 */
export function openClient(config: GcpConfig, env: Environment): GcpClient {
  const base = config.endpoint?.replace(/\/+$/, '') ?? 'https://compute.googleapis.com';
  const credentials = credentialsOf(config);
  const ms = config.timeout * 1000;
  const options = { connect: { timeout: Math.min(ms, 10_000) }, connections: 8 };
  const dispatcher: Dispatcher = isLoopback(new URL(base)) ? new Agent(options) : new EnvHttpProxyAgent(options);

  async function aggregated(
    part: keyof typeof MASKS,
    project: string,
    token: string | undefined,
    call: Call,
    max = 500,
  ) {
    const url = new URL(`${base}/compute/v1/projects/${encodeURIComponent(project)}/aggregated/${part}`);
    url.searchParams.set('maxResults', String(max));
    url.searchParams.set('returnPartialSuccess', 'true');
    url.searchParams.set('fields', MASKS[part]);
    if (token !== undefined) url.searchParams.set('pageToken', token);
    const headers = await credentials.headers(url.href, project, call);
    const reply = await exchangeJson({
      url,
      headers,
      place: project,
      signal: call.signal,
      dispatcher,
      limits: { idleMs: ms, totalMs: 3 * ms },
    });
    if (reply.status < 200 || reply.status >= 300) throw gcpError(reply, project, env.clock.now());
    return reply.body;
  }

  return {
    instances: (project, token, call, max) => aggregated('instances', project, token, call, max),
    machineTypes: (project, token, call, max) => aggregated('machineTypes', project, token, call, max),
    renew: () => credentials.renew(),
    close: () => dispatcher.close(),
  };
}
