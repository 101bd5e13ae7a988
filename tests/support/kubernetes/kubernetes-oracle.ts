import { type Reported, type Resource, resourceOf } from '#lib/model/index.ts';
import type { RawContainer, RawContainerStatus, RawMeta, RawNode, RawPod } from '#providers/kubernetes/map/raw.ts';
import type { Above } from './churn.ts';
import type { RealApiServer } from './real-apiserver.ts';

/**
 * What must stand in the rows of a cluster in which {@link Churn} wrote, from a listing of its own: every field of the model, but for the
 * words of states and the detail, which have oracles elsewhere.
 */
export type ExpectedRow = Omit<Resource, (typeof ELSEWHERE)[number]>;
const ELSEWHERE = ['raw', 'state', 'nativeState', 'stateReason', 'ready', 'readyReason', 'lastEnd'] as const;

/** All but what is told has no value. */
function expectedRow(reported: Omit<Reported, (typeof ELSEWHERE)[number]>): ExpectedRow {
  const row: Partial<Resource> & ExpectedRow = resourceOf({ ...reported, state: 'unknown', raw: null });
  for (const name of ELSEWHERE) delete row[name];
  return row;
}

interface Truth {
  pods: RawPod[];
  nodes: RawNode[];
  owners: { metadata?: RawMeta }[];
}

async function readTruth(api: RealApiServer): Promise<Truth> {
  const items = async <T>(path: string) => (await api.ask<{ items: T[] }>('GET', path)).items;
  return {
    pods: await items('/api/v1/namespaces/default/pods'),
    nodes: await items('/api/v1/nodes'),
    owners: [...(await items('/apis/apps/v1/replicasets')), ...(await items('/apis/batch/v1/jobs'))] as Truth['owners'],
  };
}

/**
 * @param gone controllers of owners that are no more
 * @param lost nodes that are no more, with their zones: what is known of them stays
 */
export async function expectedRows(
  api: RealApiServer,
  about: { source: string; cluster: string; clusterName: string },
  gone: ReadonlyMap<string, Above>,
  lost: ReadonlyMap<string, string>,
): Promise<Map<string, ExpectedRow>> {
  const { pods, nodes, owners } = await readTruth(api);
  const { source, cluster, clusterName } = about;
  const above = new Map(gone);
  for (const { metadata } of owners) {
    const [owner] = metadata?.ownerReferences ?? [];
    if (owner) above.set(metadata?.uid ?? '', { kind: owner.kind ?? '', name: owner.name ?? '' });
  }
  const zones = new Map(lost);
  for (const { metadata } of nodes) zones.set(metadata?.name ?? '', zoneOf(metadata));
  const common = (meta: RawMeta | undefined, part: 'nodes' | 'pods') => ({
    provider: 'kubernetes',
    source,
    scope: `${source}/${cluster}/*/${part}`,
    account: cluster,
    cluster: clusterName,
    objectId: meta?.uid ?? '',
    createdAt: milliseconds(meta?.creationTimestamp),
    addresses: [],
    mappedAddresses: [],
    tags: { ...meta?.labels },
  });

  const rows = new Map<string, ExpectedRow>();
  for (const node of nodes) {
    const { metadata, spec, status } = node;
    const amount = { cpu: Number(status?.capacity?.cpu), memory: 16 * 1024 };
    const [address] = status?.addresses ?? [];
    const ip = address?.address ?? '';
    const name = metadata?.name ?? '';
    const uid = `${cluster}/${metadata?.uid}`;
    rows.set(
      uid,
      expectedRow({
        ...common(metadata, 'nodes'),
        uid,
        kind: 'host',
        name,
        nativeId: metadata?.uid ?? '',
        aliases: [spec?.providerID ?? ''],
        identities: [
          { type: 'node', value: `${cluster}/${name}` },
          { type: 'provider-id', value: spec?.providerID ?? '' },
          { type: 'address', value: ip },
        ],
        vcpus: amount.cpu,
        memory: amount.memory,
        allocatable: amount,
        region: zoneOf(metadata).slice(0, -1),
        zone: zoneOf(metadata),
        os: 'Debian GNU/Linux 13',
        addresses: [ip],
        lifecycle: metadata?.labels?.['karpenter.sh/capacity-type'] ? 'spot' : null,
      }),
    );
  }
  for (const pod of pods) {
    const { metadata, spec, status } = pod;
    const [owner] = metadata?.ownerReferences ?? [];
    const direct = owner ? { kind: owner.kind ?? '', name: owner.name ?? '' } : null;
    const zone = zones.get(spec?.nodeName ?? '');
    const put = (suffix: string, container: RawContainer, now: RawContainerStatus | undefined) => {
      const nativeId = `${metadata?.uid}/${container.name}${suffix}`;
      const runtime = now?.containerID?.replace('containerd://', '');
      rows.set(
        `${cluster}/${nativeId}`,
        expectedRow({
          ...common(metadata, 'pods'),
          uid: `${cluster}/${nativeId}`,
          kind: 'container',
          name: `${metadata?.name}/${container.name}`,
          nativeId,
          aliases: runtime ? [runtime] : [],
          identities: runtime ? [{ type: 'runtime-id', value: runtime }] : [],
          restarts: now?.restartCount ?? null,
          type: status?.qosClass ?? null,
          requests: { cpu: 0.25, memory: 128 },
          limits: { cpu: null, memory: 256 },
          region: zone?.slice(0, -1) ?? null,
          zone: zone ?? null,
          namespace: metadata?.namespace ?? null,
          workload: above.get(owner?.uid ?? '') ?? direct,
          pod: metadata?.name ?? null,
          image: 'registry.example/shop/web:1',
          os: zone === undefined ? null : 'linux',
          addresses: status?.podIP ? [status.podIP] : [],
          startedAt: milliseconds(now?.state?.running?.startedAt ?? now?.state?.terminated?.startedAt),
          hostedBy: [{ type: 'node', value: `${cluster}/${spec?.nodeName}` }],
        }),
      );
    };
    const now = (container: RawContainer) => status?.containerStatuses?.find(({ name }) => name === container.name);
    for (const container of spec?.containers ?? []) put('', container, now(container));
    for (const container of spec?.initContainers ?? []) put(':init', container, undefined);
  }
  return rows;
}

const zoneOf = (meta: RawMeta | undefined): string => meta?.labels?.['topology.kubernetes.io/zone'] ?? '';

const milliseconds = (time: string | null | undefined): string | null => time?.replace(/Z$/, '.000Z') ?? null;
