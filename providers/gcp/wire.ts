import { hex, type Machine, type Place, SIZES } from '#lib/demo/index.ts';
import type { State } from '#lib/model/index.ts';

const HOST = 'https://www.googleapis.com/compute/v1';

const STATUS: Readonly<Record<State, string | null>> = {
  running: 'RUNNING',
  starting: 'STAGING',
  stopping: 'STOPPING',
  stopped: 'TERMINATED',
  suspended: 'SUSPENDED',
  failed: 'REPAIRING',
  // Compute Engine forgets a deleted instance at once.
  terminated: null,
  unknown: 'UNDEFINED_STATUS',
};

const FAMILIES: Readonly<Record<string, string>> = {
  ubuntu: 'ubuntu-os-cloud',
  debian: 'debian-cloud',
  rhel: 'rhel-cloud',
  windows: 'windows-cloud',
  cos: 'cos-cloud',
};

/** A machine of the fleet as an `Instance` of compute/v1, secrets in its metadata included; null where it would not be listed. */
export function instanceOf(machine: Machine): object | null {
  const status = STATUS[machine.state];
  if (status === null) return null;
  const project = `${HOST}/projects/${machine.place.account.id}`;
  const zone = `${project}/zones/${machine.zone}`;
  const { node, os } = machine;
  const labels = Object.fromEntries(machine.tags);
  if (node) labels['goog-k8s-cluster-name'] = node.cluster.name;
  return {
    kind: 'compute#instance',
    id: machine.nativeId,
    name: machine.name,
    status,
    zone,
    selfLink: `${zone}/instances/${machine.name}`,
    machineType: `${zone}/machineTypes/${machine.size.type}`,
    creationTimestamp: new Date(machine.createdAt).toISOString(),
    lastStartTimestamp: new Date(machine.startedAt).toISOString(),
    labels,
    tags: { items: [machine.service.kind], fingerprint: hex(12, [...machine.key, 11]) },
    cpuPlatform: machine.size.arch === 'arm64' ? 'Ampere Altra' : 'Intel Ice Lake',
    deletionProtection: machine.environment === 'prod' && machine.service.kind === 'database',
    scheduling: {
      onHostMaintenance: machine.spot ? 'TERMINATE' : 'MIGRATE',
      automaticRestart: !machine.spot,
      preemptible: machine.spot,
      provisioningModel: machine.spot ? 'SPOT' : 'STANDARD',
      ...(machine.isolation === 'dedicated'
        ? {
            nodeAffinities: [
              { key: 'compute.googleapis.com/node-group-name', operator: 'IN', values: ['sole-tenant'] },
            ],
          }
        : {}),
    },
    ...(machine.isolation === 'confidential'
      ? { confidentialInstanceConfig: { enableConfidentialCompute: true, confidentialInstanceType: 'SEV_SNP' } }
      : {}),
    networkInterfaces: [nicOf(machine, project)],
    disks: [
      {
        kind: 'compute#attachedDisk',
        boot: true,
        deviceName: machine.name,
        source: `${zone}/disks/${machine.name}`,
        diskSizeGb: '50',
        interface: 'SCSI',
        licenses: [
          `${HOST}/projects/${FAMILIES[os.distribution] ?? 'gce-uefi-images'}/global/licenses/${os.distribution}-${os.version.replaceAll('.', '')}`,
        ],
      },
    ],
    metadata: {
      kind: 'compute#metadata',
      items: [{ key: 'startup-script', value: `#!/bin/sh\nexport API_TOKEN=${machine.secret}\n` }],
    },
  };
}

function nicOf(machine: Machine, project: string): object {
  return {
    name: 'nic0',
    network: `${project}/global/networks/main`,
    subnetwork: `${project}/regions/${machine.place.region}/subnetworks/main`,
    networkIP: machine.privateAddress,
    ...(machine.publicAddress ? { accessConfigs: [{ name: 'External NAT', natIP: machine.publicAddress }] } : {}),
    ...(machine.ipv6
      ? { ipv6AccessType: 'EXTERNAL', ipv6AccessConfigs: [{ name: 'external-ipv6', externalIpv6: machine.ipv6 }] }
      : {}),
  };
}

/** A row of `aggregated/machineTypes` and the zone it stands under. */
export const machineTypesIn = (zones: readonly string[]): { zone: string; row: object }[] =>
  zones.flatMap((zone) =>
    SIZES.gcp
      .filter((size) => !size.type.includes('custom'))
      .map((size) => ({ zone, row: { name: size.type, guestCpus: size.vcpus, memoryMb: size.memory } })),
  );

/**
 * A page of an aggregated list: rows under their zones, every other zone with the warning that it holds nothing here, and the
 * zones of unreachable places as such.
 */
export function aggregatedPage(
  part: 'instances' | 'machineTypes',
  project: string,
  places: readonly Place[],
  rows: readonly { zone: string; row: object }[],
  next: string | undefined,
): object {
  const items: Record<string, unknown> = {};
  const dark = places.filter((place) => place.fault === 'unreachable').flatMap((place) => place.zones);
  for (const zone of places.flatMap((place) => place.zones))
    items[`zones/${zone}`] = {
      warning: dark.includes(zone)
        ? { code: 'UNREACHABLE', message: 'The zone could not be reached.' }
        : { code: 'NO_RESULTS_ON_PAGE', message: 'There are no results for the scope on this page.' },
    };
  const found = Map.groupBy(rows, (row) => row.zone);
  for (const [zone, list] of found) items[`zones/${zone}`] = { [part]: list.map((entry) => entry.row) };
  return {
    kind: `compute#${part === 'instances' ? 'instance' : 'machineType'}AggregatedList`,
    id: `projects/${project}/aggregated/${part}`,
    items,
    selfLink: `${HOST}/projects/${project}/aggregated/${part}`,
    ...(next === undefined ? {} : { nextPageToken: next }),
    ...(dark.length > 0 ? { unreachables: dark.map((zone) => `projects/${project}/zones/${zone}`) } : {}),
  };
}
