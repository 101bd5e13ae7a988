import {
  ailing,
  crashing,
  ended,
  failed,
  init,
  initializing,
  job,
  livePod,
  migrate,
  now,
  oomKilled,
  pending,
  proxy,
  running,
  setup,
  type TablePod,
  waiting,
  withInit,
  withSidecar,
} from './status.ts';

/** Pods that begin with other containers, or have some beside them. */
export const INITIAL: readonly TablePod[] = [
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
    status: livePod([now(running, { restartCount: 1, lastState: ended(1, { reason: 'Error' }) })], {
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
    status: livePod([now(running)], {
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
];
