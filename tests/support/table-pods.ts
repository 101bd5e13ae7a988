/*
 * Pods in the states in which people meet them, as a kubelet and the controllers leave them behind: what the API server's own table
 * (`kubectl get pods`) is recorded of.
 */

export interface TablePod {
  name: string;
  /** Beside one container `app`, a node and `restartPolicy: Always`. */
  spec?: object;
  /** Of the pod's metadata. */
  annotations?: Record<string, string>;
  status: object;
  /** Deleted, and held by a finalizer. */
  deleted?: true;
}

const AT = '2026-11-21T08:00:05Z';
const LATER = '2026-11-21T08:30:00Z';
const IMAGE = 'registry.example/shop/web:1';

const running = { running: { startedAt: AT } };
const waiting = (reason?: string, message?: string) => ({ waiting: { reason, message } });
const ended = (exitCode: number, fields: object = {}) => ({
  terminated: { exitCode, startedAt: AT, finishedAt: LATER, containerID: 'containerd://ended', ...fields },
});
const oomKilled = ended(137, { reason: 'OOMKilled' });

interface Status {
  name?: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  lastState?: object;
}

/** Status of a container: ready where it runs, unless it is said. */
const now = (state: object, fields: Status = {}) => ({
  name: 'app',
  state,
  ready: 'running' in state,
  started: 'running' in state,
  restartCount: 0,
  image: IMAGE,
  imageID: 'running' in state ? `${IMAGE}@sha256:1` : '',
  ...('waiting' in state ? {} : { containerID: `containerd://${fields.name ?? 'app'}` }),
  ...fields,
});

const condition = (type: string, status: 'True' | 'False', reason?: string, message?: string) => ({
  type,
  status,
  lastTransitionTime: AT,
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
});
const scheduled = condition('PodScheduled', 'True');
const initialized = condition('Initialized', 'True');
const ready = [scheduled, initialized, condition('ContainersReady', 'True'), condition('Ready', 'True')];
const unready = [
  scheduled,
  initialized,
  condition('ContainersReady', 'False', 'ContainersNotReady', 'containers with unready status: [app]'),
  condition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [app]'),
];
const initializing = [
  scheduled,
  condition('Initialized', 'False', 'ContainersNotInitialized', 'containers with incomplete status: [setup]'),
  condition('Ready', 'False', 'ContainersNotInitialized'),
];

const container = (name: string, more: object = {}) => ({ name, image: IMAGE, ...more });
const two = { containers: [container('app'), container('helper')] };
const withInit = { initContainers: [container('setup'), container('migrate')] };
const withSidecar = { initContainers: [container('proxy', { restartPolicy: 'Always' }), container('setup')] };
const job = { restartPolicy: 'Never' };

const pod = (phase: string, conditions: object[], containerStatuses: object[], more: object = {}) => ({
  phase,
  conditions,
  containerStatuses,
  hostIP: '10.0.0.1',
  podIP: '10.1.0.1',
  podIPs: [{ ip: '10.1.0.1' }],
  startTime: AT,
  ...more,
});
const alive = (containerStatuses: object[], more: object = {}) => pod('Running', ready, containerStatuses, more);
const ailing = (containerStatuses: object[], more: object = {}) => pod('Running', unready, containerStatuses, more);
const pending = (containerStatuses: object[], more: object = {}) => pod('Pending', unready, containerStatuses, more);
const failed = (containerStatuses: object[], more: object = {}) => pod('Failed', unready, containerStatuses, more);
const done = (containerStatuses: object[], more: object = {}) =>
  pod('Succeeded', [scheduled, initialized, condition('Ready', 'False', 'PodCompleted')], containerStatuses, more);
const init = (initContainerStatuses: object[], more: object = {}) =>
  pod('Pending', initializing, [now(waiting('PodInitializing'))], { initContainerStatuses, ...more });
const setup = (state: object, fields: Status = {}) =>
  now(state, { name: 'setup', ready: 'terminated' in state, ...fields });
const migrate = (state: object, fields: Status = {}) => setup(state, { name: 'migrate', ...fields });
const proxy = (state: object, fields: Status = {}) => now(state, { name: 'proxy', ...fields });
const crashing = waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app pod=app_shop');
const unknown = { conditions: [scheduled, condition('Ready', 'False', 'NodeStatusUnknown')] };

export const TABLE_PODS: readonly TablePod[] = [
  // On the way up
  { name: 'pending-nothing-yet', spec: { nodeName: undefined }, status: { phase: 'Pending' } },
  {
    name: 'pending-unschedulable',
    spec: { nodeName: undefined },
    status: {
      phase: 'Pending',
      conditions: [condition('PodScheduled', 'False', 'Unschedulable', '0/3 nodes are available: 3 Insufficient cpu.')],
    },
  },
  {
    name: 'pending-gated',
    spec: { nodeName: undefined, schedulingGates: [{ name: 'example.com/quota' }] },
    status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', 'SchedulingGated')] },
  },
  { name: 'pending-scheduled', status: { phase: 'Pending', conditions: [scheduled] } },
  { name: 'container-creating', status: pending([now(waiting('ContainerCreating'))]) },
  { name: 'waiting-without-reason', status: pending([now(waiting())]) },
  { name: 'image-pull-error', status: pending([now(waiting('ErrImagePull', 'not found'))]) },
  { name: 'image-pull-back-off', status: pending([now(waiting('ImagePullBackOff', 'Back-off pulling image'))]) },
  { name: 'image-never-pull', status: pending([now(waiting('ErrImageNeverPull'))]) },
  { name: 'invalid-image-name', status: pending([now(waiting('InvalidImageName'))]) },
  { name: 'config-error', status: pending([now(waiting('CreateContainerConfigError', 'secret "db" not found'))]) },
  { name: 'create-error', status: pending([now(waiting('CreateContainerError'))]) },
  {
    name: 'run-error',
    status: ailing([
      now(waiting('RunContainerError'), { restartCount: 2, lastState: ended(128, { reason: 'StartError' }) }),
    ]),
  },
  // Running
  { name: 'running', status: alive([now(running)]) },
  { name: 'running-not-ready', status: ailing([now(running, { ready: false })]) },
  { name: 'running-not-started', status: ailing([now(running, { ready: false, started: false })]) },
  {
    name: 'running-readiness-gate',
    spec: { readinessGates: [{ conditionType: 'example.com/balanced' }] },
    status: pod(
      'Running',
      [
        scheduled,
        initialized,
        condition('ContainersReady', 'True'),
        condition('Ready', 'False', 'ReadinessGatesNotReady'),
      ],
      [now(running)],
    ),
  },
  { name: 'running-two', spec: two, status: alive([now(running), now(running, { name: 'helper' })]) },
  {
    name: 'running-one-of-two',
    spec: two,
    status: ailing([now(running), now(running, { name: 'helper', ready: false })]),
  },
  {
    name: 'running-one-ended',
    spec: two,
    status: ailing([now(running), now(ended(0, { reason: 'Completed' }), { name: 'helper' })]),
  },
  {
    name: 'running-one-ended-ready',
    spec: two,
    status: alive([now(running), now(ended(0, { reason: 'Completed' }), { name: 'helper' })]),
  },
  {
    name: 'running-one-crashing',
    spec: two,
    status: ailing([
      now(running),
      now(crashing, { name: 'helper', restartCount: 4, lastState: ended(1, { reason: 'Error' }) }),
    ]),
  },
  {
    name: 'running-after-oom',
    status: alive([now(running, { restartCount: 3, lastState: oomKilled })]),
  },
  {
    name: 'running-node-lost',
    status: ailing([now(running)], {
      reason: 'NodeLost',
      message: 'Node node-1 which was running pod is unresponsive',
    }),
  },
  { name: 'phase-unknown', status: pod('Unknown', unknown.conditions, [now(running)]) },
  // Restarting
  {
    name: 'crash-loop-error',
    status: ailing([now(crashing, { restartCount: 5, lastState: ended(1, { reason: 'Error' }) })]),
  },
  { name: 'crash-loop-oom', status: ailing([now(crashing, { restartCount: 7, lastState: oomKilled })]) },
  {
    name: 'crash-loop-completed',
    status: ailing([now(crashing, { restartCount: 6, lastState: ended(0, { reason: 'Completed' }) })]),
  },
  {
    name: 'crash-loop-signal',
    status: ailing([now(crashing, { restartCount: 2, lastState: ended(139, { reason: 'Error', signal: 11 }) })]),
  },
  {
    name: 'crash-loop-cannot-run',
    status: ailing([
      now(crashing, {
        restartCount: 3,
        lastState: ended(127, { reason: 'ContainerCannotRun', message: 'exec: "serve": executable file not found' }),
      }),
    ]),
  },
  { name: 'between-restarts', status: ailing([now(ended(1, { reason: 'Error' }), { restartCount: 1 })]) },
  // Ended
  { name: 'completed', spec: job, status: done([now(ended(0, { reason: 'Completed' }))]) },
  { name: 'completed-without-reason', spec: job, status: done([now(ended(0))]) },
  { name: 'completed-without-statuses', spec: job, status: { phase: 'Succeeded' } },
  { name: 'failed-error', spec: job, status: failed([now(ended(1, { reason: 'Error' }))]) },
  { name: 'failed-oom', spec: job, status: failed([now(oomKilled)]) },
  { name: 'failed-without-reason', spec: job, status: failed([now(ended(2))]) },
  { name: 'failed-signal', spec: job, status: failed([now(ended(143, { signal: 15 }))]) },
  { name: 'failed-signal-exit-0', spec: job, status: failed([now(ended(0, { signal: 9 }))]) },
  {
    name: 'failed-signal-with-reason',
    spec: job,
    status: failed([now(ended(139, { reason: 'Error', signal: 11 }))]),
  },
  { name: 'failed-start-error', spec: job, status: failed([now(ended(128, { reason: 'StartError' }))]) },
  { name: 'failed-status-unknown', spec: job, status: failed([now(ended(137, { reason: 'ContainerStatusUnknown' }))]) },
  {
    name: 'failed-one-of-two',
    spec: { ...job, ...two },
    status: failed([now(ended(0, { reason: 'Completed' })), now(ended(3, { reason: 'Error' }), { name: 'helper' })]),
  },
  {
    name: 'failed-first-of-two',
    spec: { ...job, ...two },
    status: failed([now(ended(3, { reason: 'Error' })), now(ended(0, { reason: 'Completed' }), { name: 'helper' })]),
  },
  {
    name: 'evicted',
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.', startTime: AT },
  },
  {
    name: 'evicted-with-statuses',
    status: failed([now(ended(137, { reason: 'Error' }))], { reason: 'Evicted', message: 'Pod was low on disk.' }),
  },
  {
    name: 'deadline-exceeded',
    spec: { ...job, activeDeadlineSeconds: 60 },
    status: failed([now(ended(137, { reason: 'Error' }))], {
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    }),
  },
  {
    name: 'deadline-exceeded-without-statuses',
    spec: { ...job, activeDeadlineSeconds: 60 },
    status: { phase: 'Failed', reason: 'DeadlineExceeded', startTime: AT },
  },
  { name: 'unexpected-admission', status: { phase: 'Failed', reason: 'UnexpectedAdmissionError', startTime: AT } },
  { name: 'node-affinity', status: { phase: 'Failed', reason: 'NodeAffinity', startTime: AT } },
  { name: 'out-of-cpu', status: { phase: 'Failed', reason: 'OutOfcpu', startTime: AT } },
  { name: 'node-shutdown', status: failed([now(ended(137, { reason: 'Error' }))], { reason: 'Terminated' }) },
  { name: 'failed-nothing-known', status: { phase: 'Failed' } },
  {
    name: 'failed-still-running',
    status: failed([now(running)], { reason: 'NodeShutdown' }),
  },
  // Init containers
  {
    name: 'init-first',
    spec: withInit,
    status: init([setup(running, { ready: false }), migrate(waiting('PodInitializing'))]),
  },
  {
    name: 'init-second',
    spec: withInit,
    status: init([setup(ended(0, { reason: 'Completed' })), migrate(running, { ready: false })]),
  },
  {
    name: 'init-done',
    spec: withInit,
    status: pending([now(waiting('PodInitializing'))], {
      initContainerStatuses: [setup(ended(0, { reason: 'Completed' })), migrate(ended(0, { reason: 'Completed' }))],
    }),
  },
  {
    name: 'init-crash-loop',
    spec: withInit,
    status: init([
      setup(crashing, { restartCount: 4, lastState: ended(1, { reason: 'Error' }) }),
      migrate(waiting('PodInitializing')),
    ]),
  },
  {
    name: 'init-error',
    spec: withInit,
    status: init([setup(ended(1, { reason: 'Error' }), { ready: false }), migrate(waiting('PodInitializing'))]),
  },
  {
    name: 'init-exit-code',
    spec: { ...withInit, ...job },
    status: failed([now(waiting('PodInitializing'))], {
      conditions: initializing,
      initContainerStatuses: [setup(ended(7), { ready: false }), migrate(waiting('PodInitializing'))],
    }),
  },
  {
    name: 'init-signal',
    spec: { ...withInit, ...job },
    status: failed([now(waiting('PodInitializing'))], {
      conditions: initializing,
      initContainerStatuses: [setup(ended(137, { signal: 9 }), { ready: false }), migrate(waiting('PodInitializing'))],
    }),
  },
  {
    name: 'init-oom',
    spec: withInit,
    status: init([setup(oomKilled, { ready: false, restartCount: 1 }), migrate(waiting('PodInitializing'))]),
  },
  {
    name: 'init-image-pull-back-off',
    spec: withInit,
    status: init([setup(waiting('ImagePullBackOff')), migrate(waiting('PodInitializing'))]),
  },
  {
    name: 'running-after-init-restarts',
    spec: withInit,
    status: alive([now(running, { restartCount: 1, lastState: ended(1, { reason: 'Error' }) })], {
      initContainerStatuses: [
        setup(ended(0, { reason: 'Completed' }), { restartCount: 3 }),
        migrate(ended(0, { reason: 'Completed' })),
      ],
    }),
  },
  // Sidecars
  {
    name: 'sidecar-running',
    spec: withSidecar,
    status: alive([now(running)], {
      initContainerStatuses: [proxy(running, { restartCount: 2 }), setup(ended(0, { reason: 'Completed' }))],
    }),
  },
  {
    name: 'sidecar-not-ready',
    spec: withSidecar,
    status: ailing([now(running)], {
      initContainerStatuses: [proxy(running, { ready: false }), setup(ended(0, { reason: 'Completed' }))],
    }),
  },
  {
    name: 'sidecar-crash-loop',
    spec: withSidecar,
    status: ailing([now(running)], {
      initContainerStatuses: [
        proxy(crashing, { restartCount: 5, lastState: ended(1, { reason: 'Error' }) }),
        setup(ended(0, { reason: 'Completed' })),
      ],
    }),
  },
  {
    name: 'sidecar-starting',
    spec: withSidecar,
    status: init([proxy(running, { ready: false, started: false }), setup(waiting('PodInitializing'))]),
  },
  {
    name: 'sidecar-up-init-running',
    spec: withSidecar,
    status: init([proxy(running), setup(running, { ready: false })]),
  },
  {
    name: 'sidecar-outlives-job',
    spec: { ...withSidecar, ...job },
    status: ailing([now(ended(0, { reason: 'Completed' }))], {
      initContainerStatuses: [proxy(running), setup(ended(0, { reason: 'Completed' }))],
    }),
  },
  // On the way out
  { name: 'terminating', status: alive([now(running)]), deleted: true },
  { name: 'terminating-not-ready', status: ailing([now(running, { ready: false })]), deleted: true },
  {
    name: 'terminating-crash-loop',
    status: ailing([now(crashing, { restartCount: 7, lastState: oomKilled })]),
    deleted: true,
  },
  { name: 'terminating-ended', status: ailing([now(ended(137, { reason: 'Error' }))]), deleted: true },
  { name: 'terminating-pending', spec: { nodeName: undefined }, status: { phase: 'Pending' }, deleted: true },
  {
    name: 'terminating-node-lost',
    status: ailing([now(running)], {
      reason: 'NodeLost',
      message: 'Node node-1 which was running pod is unresponsive',
    }),
    deleted: true,
  },
  { name: 'deleted-completed', spec: job, status: done([now(ended(0, { reason: 'Completed' }))]), deleted: true },
  { name: 'deleted-failed', spec: job, status: failed([now(ended(1, { reason: 'Error' }))]), deleted: true },
  {
    name: 'deleted-evicted',
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.', startTime: AT },
    deleted: true,
  },
];

const FINALIZER = 'example.com/held-by-a-test';

/** The pod as it is created; its status is written after. */
export function newPod({ name, spec, deleted }: TablePod): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'web' }, ...(deleted ? { finalizers: [FINALIZER] } : {}) },
    spec: {
      containers: [container('app')],
      nodeName: 'node-1',
      automountServiceAccountToken: false,
      ...spec,
    },
  };
}
