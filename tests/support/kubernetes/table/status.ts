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

export const AT = '2026-11-21T08:00:05Z';
const LATER = '2026-11-21T08:30:00Z';
const IMAGE = 'registry.example/shop/web:1';

export const running = { running: { startedAt: AT } };
export const waiting = (reason?: string, message?: string) => ({ waiting: { reason, message } });
export const ended = (exitCode: number, fields: object = {}) => ({
  terminated: { exitCode, startedAt: AT, finishedAt: LATER, containerID: 'containerd://ended', ...fields },
});
export const oomKilled = ended(137, { reason: 'OOMKilled' });

interface Status {
  name?: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  lastState?: object;
}

/** Status of a container: ready where it runs, unless it is said. */
export const now = (state: object, fields: Status = {}) => ({
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

export const condition = (type: string, status: 'True' | 'False', reason?: string, message?: string) => ({
  type,
  status,
  lastTransitionTime: AT,
  ...(reason ? { reason } : {}),
  ...(message ? { message } : {}),
});
export const scheduled = condition('PodScheduled', 'True');
export const initialized = condition('Initialized', 'True');
export const ready = [scheduled, initialized, condition('ContainersReady', 'True'), condition('Ready', 'True')];
export const unready = [
  scheduled,
  initialized,
  condition('ContainersReady', 'False', 'ContainersNotReady', 'containers with unready status: [app]'),
  condition('Ready', 'False', 'ContainersNotReady', 'containers with unready status: [app]'),
];
export const initializing = [
  scheduled,
  condition('Initialized', 'False', 'ContainersNotInitialized', 'containers with incomplete status: [setup]'),
  condition('Ready', 'False', 'ContainersNotInitialized'),
];

export const container = (name: string, more: object = {}) => ({ name, image: IMAGE, ...more });
export const two = { containers: [container('app'), container('helper')] };
export const withInit = { initContainers: [container('setup'), container('migrate')] };
export const withSidecar = { initContainers: [container('proxy', { restartPolicy: 'Always' }), container('setup')] };
export const job = { restartPolicy: 'Never' };

export const pod = (phase: string, conditions: object[], containerStatuses: object[], more: object = {}) => ({
  phase,
  conditions,
  containerStatuses,
  hostIP: '10.0.0.1',
  podIP: '10.1.0.1',
  podIPs: [{ ip: '10.1.0.1' }],
  startTime: AT,
  ...more,
});
export const livePod = (containerStatuses: object[], more: object = {}) =>
  pod('Running', ready, containerStatuses, more);
export const ailing = (containerStatuses: object[], more: object = {}) =>
  pod('Running', unready, containerStatuses, more);
export const pending = (containerStatuses: object[], more: object = {}) =>
  pod('Pending', unready, containerStatuses, more);
export const failed = (containerStatuses: object[], more: object = {}) =>
  pod('Failed', unready, containerStatuses, more);
export const done = (containerStatuses: object[], more: object = {}) =>
  pod('Succeeded', [scheduled, initialized, condition('Ready', 'False', 'PodCompleted')], containerStatuses, more);
export const init = (initContainerStatuses: object[], more: object = {}) =>
  pod('Pending', initializing, [now(waiting('PodInitializing'))], { initContainerStatuses, ...more });
export const setup = (state: object, fields: Status = {}) =>
  now(state, { name: 'setup', ready: 'terminated' in state, ...fields });
export const migrate = (state: object, fields: Status = {}) => setup(state, { name: 'migrate', ...fields });
export const proxy = (state: object, fields: Status = {}) => now(state, { name: 'proxy', ...fields });
export const crashing = waiting('CrashLoopBackOff', 'back-off 5m0s restarting failed container=app pod=app_shop');
export const unknown = { conditions: [scheduled, condition('Ready', 'False', 'NodeStatusUnknown')] };
