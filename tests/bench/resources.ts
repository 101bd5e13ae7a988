import { below, chance, hex, mix, pick } from '#lib/demo/time/hash.ts';
import type { Resource, Scope } from '#lib/model/index.ts';
import { resourceOf, scopeId, tagsOf } from '#lib/model/index.ts';

/*
 * A fleet as rows of the model, without clouds and mappings: what the index is measured with. Row n is the same row for the same
 * seed, whatever the size, and is made on demand.
 */

const CLOUDS = [
  {
    provider: 'aws',
    regions: ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'],
    types: ['m7g.xlarge', 'c7i.4xlarge'],
  },
  { provider: 'gcp', regions: ['us-central1', 'europe-west1'], types: ['e2-standard-4', 'n2-highmem-8'] },
  { provider: 'azure', regions: ['westeurope', 'eastus'], types: ['Standard_D8as_v5', 'Standard_E16s_v5'] },
] as const;
const SERVICES = [
  'checkout',
  'payments',
  'search',
  'ledger',
  'render',
  'billing',
  'catalog',
  'session',
  'gateway',
  'etl',
];
const PARTS = ['api', 'worker', 'db', 'cache', 'frontend', 'cron'];
const TEAMS = ['payments', 'platform', 'search', 'data', 'web', 'infra', 'ml', 'risk'];
const STATES = [
  'running',
  'running',
  'running',
  'running',
  'running',
  'running',
  'stopped',
  'starting',
  'failed',
  'stopping',
];
const ENVS = ['prod', 'prod', 'prod', 'staging', 'dev', 'test'];
const ACCOUNTS = 40;
const CLUSTERS = 60;

/** Of 20 rows 13 are containers, one is a node, the rest are VMs. */
const kindOf = (n: number): Resource['kind'] => (n % 20 < 13 ? 'container' : n % 20 === 13 ? 'host' : 'vm');

function scopeOf(provider: string, account: string, region: string | null, kind: Resource['kind']): Scope {
  const part = kind === 'container' ? 'pods' : kind === 'host' ? 'nodes' : 'instances';
  const id = scopeId('bench', account, region, part);
  return { id, provider, source: 'bench', account, region, part, kind, label: `${account} ${region ?? part}` };
}

const clusterOf = (seed: number, n: number): string =>
  `${pick(mix(seed, n, 5), ENVS)}-cluster-${below(mix(seed, n, 6), CLUSTERS)}`;
const nodeOf = (seed: number, n: number): string =>
  `ip-10-0-${below(mix(seed, n, 11), 256)}-${below(mix(seed, n, 12), 256)}`;

const instanceId = (seed: number, n: number): string => `i-${hex(17, [seed, n, 1])}`;

/** The row of the node that a container runs on: one that comes before it, so that it does not depend on the size. */
const hostRow = (seed: number, n: number): number => 20 * below(mix(seed, n, 32), Math.floor(n / 20) + 1) + 13;

/** Row `n` of the fleet, and the scope that owns it. */
export function benchResource(seed: number, n: number): { resource: Resource; scope: Scope } {
  const h = (salt: number) => mix(seed, n, salt);
  const cloud = pick(h(1), CLOUDS);
  const kind = kindOf(n);
  const region = pick(h(2), cloud.regions);
  const service = pick(h(3), SERVICES);
  const part = pick(h(4), PARTS);
  const env = pick(h(5), ENVS);
  const account = `${cloud.provider}-account-${below(h(6), ACCOUNTS)}`;
  const host = kind === 'container' ? hostRow(seed, n) : n;
  const cluster = clusterOf(seed, host);
  const provider = kind === 'vm' ? cloud.provider : 'kubernetes';
  const scope = kind === 'vm' ? scopeOf(provider, account, region, kind) : scopeOf(provider, cluster, null, kind);
  const state = pick(h(7), STATES);
  const address = `10.${below(h(8), 256)}.${below(h(9), 256)}.${below(h(10), 256)}`;
  const node = nodeOf(seed, host);
  const hash = hex(10, [seed, below(h(13), 20_000)]);
  const suffix = hex(5, [seed, n]);
  const id = instanceId(seed, n);
  const pod = `${service}-${part}-${hash}-${suffix}`;
  const workload = `${service}-${part}`;
  const podUid = hex(32, [seed, n, 2]);
  const common = {
    provider,
    source: 'bench',
    scope: scope.id,
    kind,
    state: state as Resource['state'],
    nativeState: state,
    stateReason: state === 'failed' ? 'CrashLoopBackOff' : null,
    ready: kind === 'vm' ? null : state === 'running',
    readyReason: kind === 'vm' || state === 'running' ? null : 'ContainersNotReady',
    lastEnd: state === 'failed' && kind === 'container' ? { reason: 'Error', exitCode: 1 } : null,
    region,
    zone: `${region}-${pick(h(14), ['a', 'b', 'c'])}`,
    os: pick(h(15), ['linux', 'linux', 'windows']),
    addresses: [address],
    createdAt: new Date(Date.UTC(2026, 10, 20) - below(h(16), 500 * 86_400) * 1000).toISOString(),
    raw: null,
  };
  const tags: [string, string][] = [
    [chance(h(17), 0.1) ? 'Team' : 'team', pick(h(18), TEAMS)],
    ['env', env],
    ['service', service],
    ['cost-center', `cc-${below(h(19), 50)}`],
  ];
  if (kind !== 'container') {
    const types = pick(h(20), cloud.types);
    const vcpus = pick(h(21), [2, 4, 8, 16, 32]);
    const isNode = kind === 'host';
    const resource = resourceOf({
      ...common,
      uid: isNode ? `bench:${cluster}/${podUid}` : `arn:${provider}:compute:${region}:${account}:instance/${id}`,
      name: isNode ? node : `${service}-${part}-${below(h(22), 1000)}`,
      nativeId: isNode ? podUid : id,
      objectId: isNode ? podUid : id,
      aliases: isNode ? [`${node}.internal`] : [`ip-${address.replaceAll('.', '-')}.compute.internal`],
      identities: isNode
        ? [
            { type: 'node', value: `${cluster}/${node}` },
            // Of six VMs one is a node: the one whose row comes next.
            { type: 'instance-id', value: instanceId(seed, n + 1) },
          ]
        : [{ type: 'instance-id', value: id }],
      type: types,
      vcpus,
      memory: vcpus * 4096,
      allocatable: isNode ? { cpu: vcpus - 0.1, memory: vcpus * 4000 } : null,
      account,
      cluster: isNode ? cluster : null,
      image: `ami-${below(h(23), 200)}`,
      mappedAddresses: chance(h(24), 0.1) ? [`52.${below(h(25), 256)}.${below(h(26), 256)}.1`] : [],
      lifecycle: chance(h(27), 0.2) ? 'spot' : 'on-demand',
      tags: tagsOf([...tags, ['Name', `${service}-${part}`]]),
    });
    return { resource, scope };
  }
  const cpu = pick(h(28), [0.1, 0.25, 0.5, 1, 2]);
  const resource = resourceOf({
    ...common,
    uid: `${cluster}/${podUid}/app`,
    name: `${pod} / app`,
    nativeId: `${podUid}/app`,
    objectId: podUid,
    aliases: [`containerd://${hex(64, [seed, n, 3])}`],
    restarts: below(h(29), 5),
    type: pick(h(30), ['Burstable', 'Guaranteed', 'BestEffort']),
    requests: { cpu, memory: cpu * 1024 },
    limits: { cpu: cpu * 2, memory: cpu * 2048 },
    cluster,
    namespace: service,
    workload: { kind: 'Deployment', name: workload },
    pod,
    image: `registry.example/${workload}:4.${below(h(31), 40)}.${below(h(32), 10)}`,
    mappedAddresses: [],
    hostedBy: [{ type: 'node', value: `${cluster}/${node}` }],
    tags: tagsOf([...tags, ['app.kubernetes.io/name', workload], ['pod-template-hash', hash]]),
  });
  return { resource, scope };
}
