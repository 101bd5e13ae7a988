import type { Cluster, Container, ContainerState, Owner, Pod } from '#lib/demo/index.ts';
import type { RawObject } from '../map/raw.ts';
import { bytes, cores, managedFields, rfc3339 } from './wire-meta.ts';

export { nodeObject } from './wire-node.ts';

/*
 * Objects of the seeded fleet as an API server writes them: what the mock hands to the real mapping and what the tests' server sends.
 * Each carries what real ones carry and Muster must never keep: environment values, last-applied-configuration, managedFields.
 */

const resources = (container: Container) => {
  const amounts = (amount: { cpu: number | null; memory: number | null } | null) =>
    amount === null
      ? undefined
      : {
          ...(amount.cpu === null ? {} : { cpu: cores(amount.cpu) }),
          ...(amount.memory === null ? {} : { memory: bytes(amount.memory) }),
        };
  return { requests: amounts(container.requests), limits: amounts(container.limits) };
};

const specOf = (container: Container, secret: string) => ({
  name: container.name,
  image: container.image,
  args: ['--config=/etc/app/config.yaml', `--api-token=${secret}`],
  ports: container.ports.map((containerPort) => ({ containerPort, protocol: 'TCP' })),
  env: [
    { name: 'DATABASE_PASSWORD', value: secret },
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
  ],
  resources: resources(container),
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'FallbackToLogsOnError',
  imagePullPolicy: 'IfNotPresent',
});

function stateOf(state: ContainerState | null, secret: string, containerID: string | null) {
  if (state === null) return {};
  if (state.type === 'running') return { running: { startedAt: rfc3339(state.startedAt) } };
  if (state.type === 'waiting') return { waiting: { reason: state.reason, message: state.message } };
  return {
    terminated: {
      exitCode: state.exitCode,
      reason: state.reason,
      message: `fatal: cannot log in with ${secret}`,
      startedAt: rfc3339(state.startedAt),
      finishedAt: rfc3339(state.finishedAt),
      containerID,
    },
  };
}

const statusOf = (container: Container, secret: string) => ({
  name: container.name,
  state: stateOf(container.state, secret, container.containerId),
  lastState: stateOf(container.lastState, secret, container.containerId),
  ready: container.ready,
  started: container.state.type === 'running',
  restartCount: container.restarts,
  image: container.image,
  imageID: container.imageId ?? '',
  ...(container.containerId === null ? {} : { containerID: container.containerId }),
});

const controller = (apiVersion: string, kind: string, name: string, uid: string) => ({
  apiVersion,
  kind,
  name,
  uid,
  controller: true,
  blockOwnerDeletion: true,
});

function ownerOf(pod: Pod) {
  const { owner, workload } = pod;
  if (workload.kind === 'VirtualMachineInstance')
    return controller('kubevirt.io/v1', workload.kind, workload.name, workload.uid);
  if (owner) return controller(owner.kind === 'Job' ? 'batch/v1' : 'apps/v1', owner.kind, owner.name, owner.uid);
  return controller('apps/v1', workload.kind, workload.name, workload.uid);
}

const GATE = 'shop.example/behind-load-balancer';

/** `ContainersReady`, `Ready` and the gate between them, as a kubelet writes them. */
function readiness(pod: Pod): object[] {
  const unready = pod.containers.filter((container) => !container.ready).map(({ name }) => name);
  const over = pod.phase === 'Succeeded' ? 'PodCompleted' : pod.phase === 'Failed' ? 'PodFailed' : null;
  const containers =
    unready.length === 0
      ? { status: 'True' }
      : {
          status: 'False',
          reason: over ?? 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        };
  const gate = {
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: `corresponding condition of pod readiness gate "${GATE}" does not exist.`,
  };
  const times = { lastProbeTime: null, lastTransitionTime: rfc3339(pod.startedAt ?? pod.createdAt) };
  return [
    { type: 'ContainersReady', ...containers, ...times },
    { type: 'Ready', ...(pod.gated && unready.length === 0 ? gate : containers), ...times },
  ];
}

export function podObject(pod: Pod, resourceVersion: string): RawObject {
  const { secret } = pod;
  const conditions = pod.node
    ? [
        { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: rfc3339(pod.createdAt) },
        ...readiness(pod),
      ]
    : [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: pod.message ?? '',
          lastTransitionTime: rfc3339(pod.createdAt),
        },
      ];
  return {
    metadata: {
      name: pod.name,
      namespace: pod.workload.namespace,
      uid: pod.uid,
      resourceVersion,
      creationTimestamp: rfc3339(pod.createdAt),
      ...(pod.deletedAt === null ? {} : { deletionTimestamp: rfc3339(pod.deletedAt) }),
      labels: { ...pod.labels },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ env: [{ value: secret }] }),
        'prometheus.io/scrape': 'true',
        ...(pod.workload.kind === 'VirtualMachineInstance' ? { 'kubevirt.io/domain': pod.workload.name } : {}),
      },
      ownerReferences: [ownerOf(pod)],
      managedFields: managedFields(secret, pod.createdAt),
    },
    spec: {
      containers: pod.containers.map((container) => specOf(container, secret)),
      ...(pod.initContainers.length > 0
        ? { initContainers: pod.initContainers.map((container) => specOf(container, secret)) }
        : {}),
      ...(pod.gated ? { readinessGates: [{ conditionType: GATE }] } : {}),
      restartPolicy: pod.owner?.kind === 'Job' ? 'Never' : 'Always',
      serviceAccountName: pod.workload.name,
      ...(pod.node ? { nodeName: pod.node.name } : {}),
      ...(pod.runtimeClass === null ? {} : { runtimeClassName: pod.runtimeClass }),
      schedulerName: 'default-scheduler',
      volumes: [{ name: 'config', configMap: { name: pod.workload.name, defaultMode: 420 } }],
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    },
    status: {
      phase: pod.phase,
      // An unscheduled pod says why in its condition, and its containers have no status yet.
      ...(pod.node && pod.reason !== null ? { reason: pod.reason, message: pod.message ?? '' } : {}),
      conditions,
      ...(pod.node ? { hostIP: pod.node.machine.privateAddress } : {}),
      ...(pod.address === null ? {} : { podIP: pod.address, podIPs: [{ ip: pod.address }] }),
      ...(pod.startedAt === null ? {} : { startTime: rfc3339(pod.startedAt) }),
      ...(pod.node
        ? {
            containerStatuses: pod.containers.map((container) => statusOf(container, secret)),
            initContainerStatuses: pod.initContainers.map((container) => statusOf(container, secret)),
          }
        : {}),
      qosClass: pod.qos,
    },
  } as RawObject;
}

/** A ReplicaSet or Job, as much of it as a metadata-only list holds. */
export function ownerObject(owner: Owner, resourceVersion: string): RawObject {
  const { workload } = owner;
  const above =
    owner.kind === 'Job'
      ? controller('batch/v1', 'CronJob', workload.name, workload.uid)
      : controller('apps/v1', 'Deployment', workload.name, workload.uid);
  return {
    metadata: {
      name: owner.name,
      namespace: workload.namespace,
      uid: owner.uid,
      resourceVersion,
      creationTimestamp: rfc3339(owner.createdAt),
      labels: { ...workload.labels },
      ownerReferences: [above],
    },
  };
}

/** The sandboxes that some of the fleet's pods ask for, under the handlers that their projects document. */
export const runtimeClassObjects = (cluster: Cluster): RawObject[] =>
  [
    ['gvisor', 'runsc'],
    ['kata', 'kata-qemu'],
  ].map(
    ([name, handler]) =>
      ({ metadata: { name, uid: `${cluster.uid}-${name}`, resourceVersion: '1' }, handler }) as RawObject,
  );
