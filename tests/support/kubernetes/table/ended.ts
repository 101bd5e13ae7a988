import {
  AT,
  ailing,
  crashing,
  done,
  ended,
  failed,
  job,
  livePod,
  now,
  oomKilled,
  running,
  type TablePod,
  two,
} from './status.ts';

/** Pods that ended. */
export const ENDED: readonly TablePod[] = [
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
];

/** Pods that are on their way out. */
export const LEAVING: readonly TablePod[] = [
  { name: 'terminating', status: livePod([now(running)]), deleted: true },
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
