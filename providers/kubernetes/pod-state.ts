import type { State } from '#lib/model/index.ts';
import type { RawContainerState, RawContainerStatus, RawPod } from './raw.ts';
import { list, text } from './read.ts';

export interface ContainerCondition {
  state: State;
  nativeState: string | null;
  stateReason: string | null;
}

// Waiting is a part of starting, unless the kubelet says that it does not get on: CrashLoopBackOff, ImagePullBackOff,
// ErrImagePull, ErrImageNeverPull, CreateContainerConfigError, CreateContainerError, RunContainerError, InvalidImageName, ...
const FAILING = /BackOff|^Err|Error$|^InvalidImageName$|^RegistryUnavailable$/;

// Reasons of a pod whose node no longer reports: what its containers were last seen doing proves nothing.
const LOST = new Set(['NodeLost', 'NodeUnreachable']);

/**
 * State of one container, https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states.
 * A pod on its way out is `stopping`; a container that nothing is known of yet has the state of its pod's phase.
 */
export function containerState(pod: RawPod, status: RawContainerStatus | undefined): ContainerCondition {
  const state = status?.state ?? {};
  const { terminated, waiting, running } = state;
  if (terminated) {
    const failed = terminated.exitCode !== 0;
    return {
      state: failed ? 'failed' : 'terminated',
      nativeState: 'terminated',
      stateReason: text(terminated.reason) ?? (failed ? 'Error' : 'Completed'),
    };
  }
  const phase = text(pod.status?.phase);
  const podReason = text(pod.status?.reason);
  if (phase === 'Unknown' || (podReason !== null && LOST.has(podReason)))
    return { state: 'unknown', nativeState: phase, stateReason: podReason };
  if (pod.metadata?.deletionTimestamp)
    return { state: 'stopping', nativeState: 'Terminating', stateReason: text(waiting?.reason) ?? podReason };
  if (phase === 'Failed') return { state: 'failed', nativeState: phase, stateReason: podReason };
  if (phase === 'Succeeded') return { state: 'terminated', nativeState: phase, stateReason: podReason };
  if (waiting) {
    const reason = text(waiting.reason);
    return {
      state: reason !== null && FAILING.test(reason) ? 'failed' : 'starting',
      nativeState: 'waiting',
      stateReason: reason,
    };
  }
  if (running) return { state: 'running', nativeState: 'running', stateReason: podReason };
  return {
    state: phase === 'Pending' ? 'starting' : 'unknown',
    nativeState: phase,
    stateReason: podReason ?? unscheduled(pod),
  };
}

/** When the run began that the container is in, or the last one it was in. */
export const startOf = (state: RawContainerState | null | undefined): unknown =>
  state?.running?.startedAt ?? state?.terminated?.startedAt;

function unscheduled(pod: RawPod): string | null {
  for (const condition of list(pod.status?.conditions, 'status.conditions'))
    if (condition.type === 'PodScheduled' && condition.status === 'False') return text(condition.reason);
  return null;
}
