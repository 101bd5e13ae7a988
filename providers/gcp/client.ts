import { openAccess } from '#providers/clouds/gcp/client-access.ts';
import type { SearchProjects } from '#providers/clouds/gcp/projects.ts';
import type { Call, Environment } from '../contract.ts';
import type { GcpConfig } from './config.ts';

/** The calls of the policies (`permissions*.yaml`); answers are pages as Google sends them. */
export interface GcpClient {
  /** @param max rows at most on the page; Google takes 500 at most */
  instances(project: string, token: string | undefined, call: Call, max?: number): Promise<unknown>;
  machineTypes(project: string, token: string | undefined, call: Call, max?: number): Promise<unknown>;
  /** Projects that the credential sees, 500 on a page. */
  projects: SearchProjects;
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

// Reading Compute Engine needs no more than the first, finding projects no more than the second.
const SCOPES = [
  'https://www.googleapis.com/auth/compute.readonly',
  'https://www.googleapis.com/auth/cloudplatformprojects.readonly',
];

/**
 * Compute Engine over REST with the credentials of google-auth-library. Not through `@google-cloud/compute`: it drops
 * `returnPartialSuccess` and decodes ten times slower, see `docs/decisions/`.
 */
export function openClient(config: GcpConfig, env: Environment): GcpClient {
  const google = openAccess(config, config.discover ? SCOPES : SCOPES.slice(0, 1), env);

  const aggregated =
    (part: keyof typeof MASKS) =>
    (project: string, pageToken: string | undefined, call: Call, max = 500) => {
      const query = { maxResults: String(max), returnPartialSuccess: 'true', fields: MASKS[part], pageToken };
      return google.get(
        'compute',
        `/compute/v1/projects/${encodeURIComponent(project)}/aggregated/${part}`,
        query,
        project,
        call,
      );
    };

  return {
    instances: aggregated('instances'),
    machineTypes: aggregated('machineTypes'),
    projects: (query, pageToken, call) =>
      google.get(
        'cloudresourcemanager',
        '/v3/projects:search',
        { query, pageSize: '500', pageToken },
        env.source,
        call,
      ),
    renew: () => google.renew(),
    close: () => google.close(),
  };
}
