import type { Resource } from '#lib/model/index.ts';
import type { RawCondition, RawContainerState, RawContainerStatus, RawPod } from './raw.ts';
import { list, text } from './read.ts';

export type ContainerCondition = Pick<
  Resource,
  'state' | 'nativeState' | 'stateReason' | 'ready' | 'readyReason' | 'lastEnd'
>;

/**
 * `container` and `sidecar` (an init container that is started again, always) serve as long as their pod does; an `init` container ends
 * before they begin, an `ephemeral` one is a visit.
 */
export type Role = 'container' | 'sidecar' | 'init' | 'ephemeral';

// Waiting is a part of starting, unless the kubelet says that it does not get on: CrashLoopBackOff, ImagePullBackOff,
// ErrImagePull, ErrImageNeverPull, CreateContainerConfigError, CreateContainerError, RunContainerError, InvalidImageName, ...
const FAILING = /BackOff|^Err|Error$|^InvalidImageName$|^RegistryUnavailable$/;

// Reasons of a pod whose node no longer reports: what its containers were last seen doing proves nothing.
const LOST = new Set(['NodeLost', 'NodeUnreachable']);

/**
 * State of one container, https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states, and whether it is ready.
 * A pod on its way out is `stopping`; a container that nothing is known of yet has the state of its pod's phase.
 */
export function containerState(pod: RawPod, status: RawContainerStatus | undefined, role: Role): ContainerCondition {
  const last = status?.lastState?.terminated;
  return {
    ...stateOf(pod, status, role),
    ...readinessOf(pod, status, role),
    lastEnd: last ? { reason: endWord(last), exitCode: exitCodeOf(last) } : null,
  };
}

type StateFields = Pick<ContainerCondition, 'state' | 'nativeState' | 'stateReason'>;

function stateOf(pod: RawPod, status: RawContainerStatus | undefined, role: Role): StateFields {
  const { terminated, waiting, running } = status?.state ?? {};
  const phase = text(pod.status?.phase);
  const podReason = text(pod.status?.reason);
  if (terminated) {
    // A container that ended well because its pod was put out (Evicted, DeadlineExceeded) did not do what it was there for.
    const putOut = phase === 'Failed' && podReason !== null && role !== 'init';
    const failed = exitCodeOf(terminated) !== 0 || isSignalled(terminated) || putOut;
    return {
      state: failed ? 'failed' : 'terminated',
      nativeState: 'terminated',
      stateReason: both(endWord(terminated), podReason),
    };
  }
  const reason = both(text(waiting?.reason), podReason);
  if (phase === 'Unknown' || (podReason !== null && LOST.has(podReason)))
    return { state: 'unknown', nativeState: phase, stateReason: reason };
  if (pod.metadata?.deletionTimestamp) return { state: 'stopping', nativeState: 'Terminating', stateReason: reason };
  if (phase === 'Failed') return { state: 'failed', nativeState: phase, stateReason: reason };
  if (phase === 'Succeeded') return { state: 'terminated', nativeState: phase, stateReason: reason };
  if (waiting) {
    const failing = FAILING.test(text(waiting.reason) ?? '');
    return { state: failing ? 'failed' : 'starting', nativeState: 'waiting', stateReason: reason };
  }
  if (running) return { state: 'running', nativeState: 'running', stateReason: podReason };
  return {
    state: phase === 'Pending' ? 'starting' : 'unknown',
    nativeState: phase,
    stateReason: podReason ?? unscheduled(pod),
  };
}

/**
 * Whether it is ready, https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes: null for what has nothing to be
 * ready for, any more or ever. A container that is ready in a pod that is not (its readiness gates, its node) gets no requests either;
 * one whose neighbour is not ready is ready itself, as kubectl counts it.
 */
function readinessOf(
  pod: RawPod,
  status: RawContainerStatus | undefined,
  role: Role,
): Pick<ContainerCondition, 'ready' | 'readyReason'> {
  if (role === 'init' || role === 'ephemeral' || isOver(pod, status)) return NO_READINESS;
  const condition = conditionOf(pod, 'Ready');
  const reported = typeof status?.ready === 'boolean' ? status.ready : null;
  const own = reported ?? (condition ? condition.status === 'True' : null);
  if (own === null) return NO_READINESS;
  const reason = text(condition?.reason);
  if (!own) return { ready: false, readyReason: reason };
  const others = list(pod.status?.containerStatuses, 'status.containerStatuses').every(({ ready }) => ready !== false);
  const podAlone = condition !== undefined && condition.status !== 'True' && others && reason !== 'ContainersNotReady';
  return podAlone ? { ready: false, readyReason: reason } : { ready: true, readyReason: null };
}

const NO_READINESS = { ready: null, readyReason: null } as const;

/** It has ended, and nothing starts it again. */
function isOver({ spec, status: pod }: RawPod, status: RawContainerStatus | undefined): boolean {
  const phase = text(pod?.phase);
  if (phase === 'Succeeded' || phase === 'Failed') return true;
  const terminated = status?.state?.terminated;
  if (!terminated) return false;
  return spec?.restartPolicy === 'Never' || (spec?.restartPolicy === 'OnFailure' && exitCodeOf(terminated) === 0);
}

type Terminated = NonNullable<RawContainerState['terminated']>;

const exitCodeOf = ({ exitCode }: Terminated): number | null =>
  Number.isInteger(exitCode) ? (exitCode ?? null) : null;

const isSignalled = ({ signal }: Terminated): boolean => typeof signal === 'number' && signal !== 0;

/** How a run ended, in the words of kubectl. */
function endWord(ending: Terminated): string {
  const reported = text(ending.reason);
  if (reported !== null) return reported;
  if (isSignalled(ending)) return `Signal:${ending.signal}`;
  const code = exitCodeOf(ending);
  return code === null ? 'Error' : `ExitCode:${code}`;
}

/** The container's word with its pod's beside it: `Error (DeadlineExceeded)`. */
const both = (own: string | null, pod: string | null): string | null =>
  own === null || pod === null || own === pod ? (own ?? pod) : `${own} (${pod})`;

/** When the run began that the container is in, or the last one it was in. */
export const startOf = (state: RawContainerState | null | undefined): unknown =>
  state?.running?.startedAt ?? state?.terminated?.startedAt;

const conditionOf = (pod: RawPod, type: string): RawCondition | undefined =>
  list(pod.status?.conditions, 'status.conditions').find((condition) => condition.type === type);

function unscheduled(pod: RawPod): string | null {
  const condition = conditionOf(pod, 'PodScheduled');
  return condition?.status === 'False' ? text(condition.reason) : null;
}
