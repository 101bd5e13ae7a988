/**
 * The closed sets of the model as plain data. Apart from their schemas so that the browser, which reads them through the field
 * table and the grammar, does not load zod for them.
 */

/** The eight states of the model. The native state stays beside it in {@link Resource.nativeState}. */
export const STATES = [
  'running',
  'starting',
  'stopping',
  'stopped',
  'suspended',
  'failed',
  'terminated',
  'unknown',
] as const;

/** What a resource says of being ready, in the words of the grammar. */
export const READINESS = ['yes', 'no'] as const;

/** `vm`: an instance of a cloud or hypervisor. `container`: one container. `host`: what runs containers or VMs. */
export const KINDS = ['vm', 'container', 'host'] as const;

/**
 * What stands on machines that nobody lists, so that a missing VM is no gap. `fargate`: a node of EKS Fargate, one microVM a pod.
 * `autopilot`: a node of GKE Autopilot, whose VM the project does not see. `virtual-node`: a virtual kubelet (ACI and others), no
 * machine at all. `kubevirt`: a container that is itself a VM, run by virt-launcher.
 */
export const MANAGED = ['fargate', 'autopilot', 'virtual-node', 'kubevirt'] as const;

/** `same-as`: two resources are one machine (or one container, seen twice). `runs-on`: one stands on the other. */
export const RELATIONS = ['same-as', 'runs-on'] as const;

/** Only `certain` links, and those that a person confirmed, deduplicate capacity; `likely` ones are match candidates and wait for a decision. */
export const CONFIDENCES = ['certain', 'likely', 'possible'] as const;

export const VERDICTS = ['join', 'split'] as const;

export const LIFECYCLES = ['on-demand', 'spot', 'scheduled', 'capacity-block', 'reserved', 'flex-start'] as const;

/**
 * What is known of a scope: `pending` never listed; `fresh` last listing complete and young; `stale` complete once, too old;
 * `reconnecting` a watch broke and is being taken up again: rows are as last seen; `denied`, `throttled`, `unreachable` by the last
 * error; `partial` listed with gaps; `duplicate` another source lists the same, it has no rows of its own; `off` the account does not
 * use the service, so that nothing can
 * run there; `gone` no longer configured or discovered.
 */
export const SCOPE_STATES = [
  'pending',
  'fresh',
  'stale',
  'reconnecting',
  'denied',
  'throttled',
  'unreachable',
  'partial',
  'duplicate',
  'off',
  'gone',
] as const;

/** The form in which filters compare tag keys: `Cost-Center`, `cost_center` and `cost center` are one key. */
export function normalTagKey(key: string): string {
  return key.toLowerCase().replace(/[\s_-]+/g, '');
}
