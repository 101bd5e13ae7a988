import { hex } from './time/hash.ts';
import { secretOf } from './truth/canary.ts';
import type { Container, Pod } from './types/types.ts';
import type { DockerContainer, DockerHost } from './types/types-docker.ts';

const PAUSE = 'registry.k8s.io/pause:3.10.1';

/**
 * What a node's engine has for one of its pods: its pause container and every container that was created, under the names and
 * labels that cri-dockerd gives them.
 * @see https://github.com/Mirantis/cri-dockerd (core/naming.go, core/labels.go)
 */
export function* containersOfPod(host: DockerHost, pod: Pod): Generator<DockerContainer> {
  if (pod.startedAt === null) return;
  const over = pod.phase === 'Succeeded' || pod.phase === 'Failed';
  const sandbox = hex(64, keyOf(pod.uid));
  const last = Math.max(...pod.containers.map((c) => (c.state.type === 'terminated' ? c.state.finishedAt : 0)));
  yield {
    ...base(host, pod, sandbox, 'POD', 0),
    image: PAUSE,
    imageId: `sha256:${hex(64, [3101])}`,
    command: '/pause',
    state: over ? 'exited' : 'running',
    exitCode: 0,
    createdAt: pod.startedAt,
    startedAt: pod.startedAt,
    finishedAt: over ? last : null,
    labels: { ...podLabels(pod), 'io.kubernetes.container.name': 'POD', 'io.kubernetes.docker.type': 'podsandbox' },
    pod: { pod, container: null },
  };
  for (const container of [...pod.initContainers, ...pod.containers]) {
    const id = container.containerId?.replace(/^docker:\/\//, '');
    if (id) yield podContainer(host, pod, container, id, sandbox);
  }
}

function podContainer(host: DockerHost, pod: Pod, container: Container, id: string, sandbox: string): DockerContainer {
  // A container that waits for its next try is the one that ended last.
  const state = container.state.type === 'waiting' ? (container.lastState ?? container.state) : container.state;
  const ended = state.type === 'terminated' ? state : null;
  const startedAt = state.type === 'waiting' ? null : state.startedAt;
  return {
    ...base(host, pod, id, container.name, container.restarts),
    image: container.image,
    imageId: `sha256:${container.imageId?.split('@sha256:')[1] ?? hex(64, keyOf(pod.uid))}`,
    command: `/${container.name}`,
    state: ended ? 'exited' : state.type === 'running' ? 'running' : 'created',
    exitCode: ended?.exitCode ?? 0,
    oomKilled: ended?.reason === 'OOMKilled',
    error: '',
    createdAt: (startedAt ?? pod.createdAt) - 500,
    startedAt,
    finishedAt: ended?.finishedAt ?? null,
    labels: {
      ...podLabels(pod),
      'io.kubernetes.container.name': container.name,
      'io.kubernetes.docker.type': 'container',
      'io.kubernetes.sandbox.id': sandbox,
    },
    limits: { cpus: container.limits?.cpu ?? null, memory: container.limits?.memory ?? null },
    runtime: pod.runtimeClass === 'gvisor' ? 'runsc' : 'runc',
    pod: { pod, container },
  };
}

function base(host: DockerHost, pod: Pod, id: string, name: string, attempt: number): DockerContainer {
  const { namespace } = pod.workload;
  return {
    host,
    id,
    name: `k8s_${name}_${pod.name}_${namespace}_${pod.uid}_${attempt}`,
    image: '',
    imageId: '',
    command: '',
    state: 'created',
    exitCode: 0,
    oomKilled: false,
    error: '',
    health: null,
    // The kubelet makes a new container instead.
    restarts: 0,
    createdAt: 0,
    startedAt: null,
    finishedAt: null,
    labels: {},
    limits: { cpus: null, memory: null },
    runtime: 'runc',
    // All but the pause container live in its network.
    networks: [],
    ports: [],
    pod: null,
    secret: secretOf(id),
  };
}

const podLabels = (pod: Pod): Record<string, string> => ({
  'io.kubernetes.pod.name': pod.name,
  'io.kubernetes.pod.namespace': pod.workload.namespace,
  'io.kubernetes.pod.uid': pod.uid,
});

const keyOf = (uid: string): number[] =>
  uid
    .replaceAll('-', '')
    .match(/.{8}/g)
    ?.map((part) => Number.parseInt(part, 16)) ?? [];
