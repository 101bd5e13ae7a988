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

/** `vm`: an instance of a cloud or hypervisor. `container`: one container. `host`: what runs containers or VMs. */
export const KINDS = ['vm', 'container', 'host'] as const;

export const LIFECYCLES = ['on-demand', 'spot', 'scheduled', 'capacity-block', 'reserved', 'flex-start'] as const;

/**
 * What is known of a scope: `pending` never listed; `fresh` last listing complete and young; `stale` complete once, too old;
 * `denied`, `throttled`, `unreachable` by the last error; `partial` listed with gaps; `gone` no longer configured or discovered.
 */
export const SCOPE_STATES = [
  'pending',
  'fresh',
  'stale',
  'denied',
  'throttled',
  'unreachable',
  'partial',
  'gone',
] as const;

/** The form in which filters compare tag keys: `Cost-Center`, `cost_center` and `cost center` are one key. */
export function normalTagKey(key: string): string {
  return key.toLowerCase().replace(/[\s_-]+/g, '');
}
