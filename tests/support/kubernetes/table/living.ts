import {
  ailing,
  condition,
  crashing,
  ended,
  initialized,
  livePod,
  now,
  oomKilled,
  pending,
  pod,
  running,
  scheduled,
  type TablePod,
  two,
  unknown,
  waiting,
} from './status.ts';

/** Pods on their way up, that run, and that restart. */
export const LIVING: readonly TablePod[] = [
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
  { name: 'running', status: livePod([now(running)]) },
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
  { name: 'running-two', spec: two, status: livePod([now(running), now(running, { name: 'helper' })]) },
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
    status: livePod([now(running), now(ended(0, { reason: 'Completed' }), { name: 'helper' })]),
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
    status: livePod([now(running, { restartCount: 3, lastState: oomKilled })]),
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
];
