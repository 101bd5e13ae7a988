import { describe, expect, it } from 'vitest';
import { containerState, type Role } from './pod-state.ts';
import type { RawContainerStatus, RawPod } from './raw.ts';

const withState = (state: object | null, status: object = {}, metadata: object = {}) => {
  const pod = { metadata, status: { phase: 'Running', ...status } } as RawPod;
  return containerState(pod, state ? { name: 'app', state } : undefined, 'container');
};

describe('state of a container', () => {
  it.each([
    [{ running: {} }, {}, 'running', 'running', null],
    [{ waiting: { reason: 'ContainerCreating' } }, { phase: 'Pending' }, 'starting', 'waiting', 'ContainerCreating'],
    [{ waiting: { reason: 'PodInitializing' } }, { phase: 'Pending' }, 'starting', 'waiting', 'PodInitializing'],
    [{ waiting: {} }, { phase: 'Pending' }, 'starting', 'waiting', null],
    ...[
      'CrashLoopBackOff',
      'ImagePullBackOff',
      'ErrImagePull',
      'ErrImageNeverPull',
      'CreateContainerConfigError',
      'CreateContainerError',
      'RunContainerError',
      'InvalidImageName',
    ].map((reason) => [{ waiting: { reason } }, {}, 'failed', 'waiting', reason] as const),
    [
      { terminated: { exitCode: 0, reason: 'Completed' } },
      { phase: 'Succeeded' },
      'terminated',
      'terminated',
      'Completed',
    ],
    [{ terminated: { exitCode: 137, reason: 'OOMKilled' } }, {}, 'failed', 'terminated', 'OOMKilled'],
    [{ terminated: { exitCode: 1, reason: 'Error' } }, { phase: 'Failed' }, 'failed', 'terminated', 'Error'],
    [{ terminated: { exitCode: 3 } }, { phase: 'Failed' }, 'failed', 'terminated', 'ExitCode:3'],
    [{ terminated: { exitCode: 0 } }, { phase: 'Succeeded' }, 'terminated', 'terminated', 'ExitCode:0'],
    [{ terminated: {} }, { phase: 'Failed' }, 'failed', 'terminated', 'Error'],
    [null, { phase: 'Pending' }, 'starting', 'Pending', null],
    [null, { phase: 'Running' }, 'unknown', 'Running', null],
    [null, { phase: 'Succeeded' }, 'terminated', 'Succeeded', null],
    [null, { phase: 'Failed', reason: 'Evicted' }, 'failed', 'Failed', 'Evicted'],
    [{ running: {} }, { phase: 'Failed', reason: 'Evicted' }, 'failed', 'Failed', 'Evicted'],
    [{ running: {} }, { phase: 'Unknown' }, 'unknown', 'Unknown', null],
    [{ running: {} }, { phase: 'Running', reason: 'NodeLost' }, 'unknown', 'Running', 'NodeLost'],
    [null, { phase: 'Dreaming' }, 'unknown', 'Dreaming', null],
  ] as const)('%j with %j is %s', (state, status, model, native, reason) => {
    expect(withState(state, status)).toMatchObject({ state: model, nativeState: native, stateReason: reason });
  });

  it('is stopping while its pod goes, until it has ended', () => {
    const going = { deletionTimestamp: '2026-11-21T09:00:00Z' };
    expect(withState({ running: {} }, {}, going)).toMatchObject({ state: 'stopping', nativeState: 'Terminating' });
    expect(withState({ terminated: { exitCode: 0 } }, {}, going).state).toBe('terminated');
  });

  it('says why it is not scheduled', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }];
    expect(withState(null, { phase: 'Pending', conditions })).toMatchObject({
      state: 'starting',
      stateReason: 'Unschedulable',
    });
  });

  it('fault 108: a signal that ended it is told and no completion, whatever the exit code beside it', () => {
    const killed = withState({ terminated: { exitCode: 0, signal: 9 } }, { phase: 'Failed' });
    expect(killed).toMatchObject({ state: 'failed', stateReason: 'Signal:9' });
    // A runtime that has a word of its own for it is not talked over.
    const named = withState({ terminated: { exitCode: 137, signal: 9, reason: 'OOMKilled' } });
    expect(named).toMatchObject({ state: 'failed', stateReason: 'OOMKilled' });
  });

  it.each([
    [{ terminated: { exitCode: 143, reason: 'Error' } }, 'failed', 'Error (DeadlineExceeded)'],
    [{ terminated: { exitCode: 0, reason: 'Completed' } }, 'failed', 'Completed (DeadlineExceeded)'],
    [{ waiting: { reason: 'ContainerCreating' } }, 'failed', 'ContainerCreating (DeadlineExceeded)'],
    [null, 'failed', 'DeadlineExceeded'],
  ] as const)('fault 108: tells the reason of its pod beside its own: %j', (state, model, reason) => {
    const actual = withState(state, { phase: 'Failed', reason: 'DeadlineExceeded' });
    expect(actual).toMatchObject({ state: model, stateReason: reason });
  });

  it('an init container that did its work is no failure of a pod that was put out later', () => {
    const pod = { status: { phase: 'Failed', reason: 'Evicted' } } as RawPod;
    const done = { state: { terminated: { exitCode: 0, reason: 'Completed' } } };
    expect(containerState(pod, done, 'init').state).toBe('terminated');
  });

  it('fault 108: keeps how the run before ended beside why it does not run now', () => {
    const status = (terminated: object): RawContainerStatus => ({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated },
    });
    const actual = (terminated: object) =>
      containerState({ status: { phase: 'Running' } }, status(terminated), 'container');
    expect(actual({ reason: 'OOMKilled', exitCode: 137 })).toMatchObject({
      state: 'failed',
      stateReason: 'CrashLoopBackOff',
      lastEnd: { reason: 'OOMKilled', exitCode: 137 },
    });
    expect(actual({ exitCode: 0, signal: 11 }).lastEnd).toEqual({ reason: 'Signal:11', exitCode: 0 });
    expect(withState({ running: {} }).lastEnd).toBeNull();
  });
});

describe('readiness of a container', () => {
  const readinessOf = (
    ready: boolean | undefined,
    condition: object | null,
    more: { state?: object; role?: Role; status?: object; spec?: object } = {},
  ) => {
    const own = { name: 'app', state: more.state ?? { running: {} }, ready } as RawContainerStatus;
    const pod = {
      spec: more.spec,
      status: {
        phase: 'Running',
        conditions: condition ? [{ type: 'Ready', ...condition }] : [],
        containerStatuses: [own],
        ...more.status,
      },
    } as RawPod;
    const { state, ready: actual, readyReason } = containerState(pod, own, more.role ?? 'container');
    return [state, actual, readyReason];
  };
  const notReady = { status: 'False', reason: 'ContainersNotReady' };

  it('fault 107: a container that runs and is not ready says so, and why', () => {
    expect(readinessOf(false, notReady)).toEqual(['running', false, 'ContainersNotReady']);
    expect(readinessOf(true, { status: 'True' })).toEqual(['running', true, null]);
    expect(readinessOf(undefined, null)).toEqual(['running', null, null]);
  });

  it('fault 107: a container that is ready in a pod that is not is not ready, and its readiness gates are why', () => {
    const gates = { status: 'False', reason: 'ReadinessGatesNotReady' };
    expect(readinessOf(true, gates)).toEqual(['running', false, 'ReadinessGatesNotReady']);
    // The controller of nodes calls pods of a silent node not ready; what the kubelet said of the containers stays.
    expect(readinessOf(true, { status: 'False' })).toEqual(['running', false, null]);
  });

  it('is ready itself beside a container that is not, as kubectl counts 1/2', () => {
    const both = {
      containerStatuses: [
        { name: 'app', ready: true },
        { name: 'proxy', ready: false },
      ],
    };
    expect(readinessOf(true, notReady, { status: both })).toEqual(['running', true, null]);
    expect(readinessOf(true, { status: 'False' }, { status: both })).toEqual(['running', true, null]);
    // A sidecar is no container of the pod's list, and the reason tells of it.
    expect(readinessOf(true, notReady)).toEqual(['running', true, null]);
  });

  it('without a status of its own it is as ready as its pod', () => {
    const pod = { status: { phase: 'Pending', conditions: [{ type: 'Ready', ...notReady }] } } as RawPod;
    expect(containerState(pod, undefined, 'container')).toMatchObject({
      state: 'starting',
      ready: false,
      readyReason: 'ContainersNotReady',
    });
    expect(containerState({ status: { phase: 'Pending' } }, undefined, 'container').ready).toBeNull();
  });

  it.each([
    ['of a pod that is done', { status: { phase: 'Succeeded' }, state: { terminated: { exitCode: 0 } } }],
    ['of a pod that failed', { status: { phase: 'Failed' }, state: { terminated: { exitCode: 1 } } }],
    ['done in a Job', { spec: { restartPolicy: 'OnFailure' }, state: { terminated: { exitCode: 0 } } }],
    ['that nothing starts again', { spec: { restartPolicy: 'Never' }, state: { terminated: { exitCode: 1 } } }],
    ['before the others (init)', { role: 'init' as const }],
    ['for a visit (ephemeral)', { role: 'ephemeral' as const }],
  ])('fault 107: a container %s has nothing to be ready for', (_, more) => {
    expect(readinessOf(false, notReady, more).slice(1)).toEqual([null, null]);
  });

  it('counts a sidecar, and what is only between two runs', () => {
    expect(readinessOf(false, notReady, { role: 'sidecar' })).toEqual(['running', false, 'ContainersNotReady']);
    const crashed = { spec: { restartPolicy: 'OnFailure' }, state: { terminated: { exitCode: 1 } } };
    expect(readinessOf(false, notReady, crashed)).toEqual(['failed', false, 'ContainersNotReady']);
  });
});
