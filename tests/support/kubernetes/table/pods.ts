import { ENDED, LEAVING } from './ended.ts';
import { INITIAL } from './initial.ts';
import { LIVING } from './living.ts';
import { container, type TablePod } from './status.ts';

export const TABLE_PODS: readonly TablePod[] = [...LIVING, ...ENDED, ...INITIAL, ...LEAVING];

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
