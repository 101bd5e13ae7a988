import { chance, hex, mix, pick } from '../time/hash.ts';
import type { Service, Template } from '../types/types.ts';

const REGISTRY = 'registry.meridian.example';

/** `v1.<n>.<n>` or a commit, as the team's habit is. */
export function imageTag(style: number, revision: number): string {
  if (chance(style, 0.4)) return `git-${hex(7, [style, revision])}`;
  return `v${1 + (style % 4)}.${mix(style, revision) % 40}.${((revision % 100) + 100) % 100}`;
}

const container = (
  name: string,
  image: string,
  cpu: number,
  memory: number,
  more: Partial<Template> = {},
): Template => ({
  name,
  image,
  requests: { cpu, memory },
  limits: { cpu: null, memory: memory * 2 },
  init: false,
  ports: [],
  ...more,
});

const MAIN: Readonly<Record<Service['kind'], readonly [cpu: number, memory: number, port: number]>> = {
  api: [0.25, 512, 8080],
  worker: [0.5, 768, 9090],
  database: [1, 4096, 5432],
  cache: [0.25, 2048, 6379],
  web: [0.1, 256, 3000],
  batch: [0.5, 1024, 9090],
};

/** Containers of a service's pod: the service itself, at times a sidecar or two and an init container. */
export function serviceTemplates(service: Service, key: readonly number[], tag: string): Template[] {
  const hash = mix(...key, 81);
  const [cpu, memory, port] = MAIN[service.kind];
  const careless = chance(mix(hash, 1), 0.07);
  const main = container(service.name, `${REGISTRY}/${service.team}/${service.name}:${tag}`, cpu, memory, {
    ports: [port],
    ...(careless ? { requests: null, limits: null } : {}),
    ...(chance(mix(hash, 2), 0.15) ? { limits: { cpu, memory } } : {}),
  });
  const list = [main];
  const serves = service.kind === 'api' || service.kind === 'web';
  if (serves && chance(mix(hash, 3), 0.5)) {
    list.push(
      container('istio-init', 'docker.io/istio/proxyv2:1.27.1', 0.01, 40, { init: true }),
      container('istio-proxy', 'docker.io/istio/proxyv2:1.27.1', 0.1, 128, { ports: [15090] }),
    );
  }
  if (service.kind === 'database') {
    list.push(
      container('exporter', 'quay.io/prometheuscommunity/postgres-exporter:v0.18.1', 0.02, 48, { ports: [9187] }),
    );
    if (chance(mix(hash, 4), 0.5)) list.push(container('migrate', main.image, 0.1, 128, { init: true }));
  }
  if (chance(mix(hash, 5), 0.12))
    list.push(container('vault-agent', 'docker.io/hashicorp/vault:1.21.0', 0.05, 64, { limits: null }));
  return list;
}

/** What every cluster has: name, kind, replicas and containers of its system workloads. */
export const SYSTEM_WORKLOADS: readonly {
  name: string;
  kind: 'DaemonSet' | 'Deployment';
  replicas: number;
  templates: readonly Template[];
}[] = [
  {
    name: 'kube-proxy',
    kind: 'DaemonSet',
    replicas: 0,
    templates: [container('kube-proxy', 'registry.k8s.io/kube-proxy:v1.35.4', 0.1, 64, { limits: null })],
  },
  {
    name: 'cilium',
    kind: 'DaemonSet',
    replicas: 0,
    templates: [
      container('config', 'quay.io/cilium/cilium:v1.18.4', 0.01, 32, { init: true }),
      container('cilium-agent', 'quay.io/cilium/cilium:v1.18.4', 0.1, 256),
    ],
  },
  {
    name: 'fluent-bit',
    kind: 'DaemonSet',
    replicas: 0,
    templates: [container('fluent-bit', 'cr.fluentbit.io/fluent/fluent-bit:4.1.1', 0.05, 96)],
  },
  {
    name: 'node-exporter',
    kind: 'DaemonSet',
    replicas: 0,
    templates: [container('node-exporter', 'quay.io/prometheus/node-exporter:v1.10.2', 0.02, 32, { ports: [9100] })],
  },
  {
    name: 'coredns',
    kind: 'Deployment',
    replicas: 2,
    templates: [container('coredns', 'registry.k8s.io/coredns/coredns:v1.13.1', 0.1, 70, { ports: [53] })],
  },
  {
    name: 'metrics-server',
    kind: 'Deployment',
    replicas: 1,
    templates: [container('metrics-server', 'registry.k8s.io/metrics-server/metrics-server:v0.8.0', 0.1, 200)],
  },
];

/** What virt-launcher runs a VM with: QEMU, and what carries its serial console into the log. */
export const virtualMachineTemplates = (): Template[] => [
  container('compute', 'quay.io/kubevirt/virt-launcher:v1.6.3', 1, 4096),
  container('guest-console-log', 'quay.io/kubevirt/virt-launcher:v1.6.3', 0.01, 35),
];

/** Short batch containers of CronJobs. */
export const cronTemplates = (service: Service, key: readonly number[], tag: string): Template[] => [
  container(
    pick(mix(...key, 82), ['run', 'job', service.name]),
    `${REGISTRY}/${service.team}/${service.name}:${tag}`,
    0.2,
    512,
  ),
];
