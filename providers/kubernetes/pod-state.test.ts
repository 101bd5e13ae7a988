import { describe, expect, it } from 'vitest';
import { containerState } from './pod-state.ts';
import type { RawPod } from './raw.ts';

const withState = (state: object | null, status: object = {}, metadata: object = {}) => {
  const pod = { metadata, status: { phase: 'Running', ...status } } as RawPod;
  return containerState(pod, state ? { name: 'app', state } : undefined);
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
    [{ terminated: { exitCode: 1 } }, { phase: 'Failed' }, 'failed', 'terminated', 'Error'],
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
});
