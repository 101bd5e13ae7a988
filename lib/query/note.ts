import type { Resource } from '#lib/model/index.ts';

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** Azure bills a VM that was stopped from inside; only `deallocated` is free. */
const isBilledStop = (nativeState: string | null): boolean => /(^|\/)stopped$/i.test(nativeState ?? '');

const isScaleSet = (kind: string | undefined): boolean => /^(virtualmachine)?scale ?sets?$/i.test(kind ?? '');

/** Short name of the host: a node's identity may carry its cluster in front. */
function hostOf({ kind, hostedBy }: Pick<Resource, 'kind' | 'hostedBy'>): string | null {
  const named = kind === 'container' ? ['node', 'hostname'] : ['hostname', 'node'];
  const host = named.map((type) => hostedBy.find((identity) => identity.type === type)).find((found) => found);
  return host ? `on ${host.value.slice(host.value.lastIndexOf('/') + 1)}` : null;
}

/** The one thing worth knowing beside a row's name, trouble first; null if there is nothing to say. */
export function noteOf(resource: Omit<Resource, 'raw'>): string | null {
  const { state, stateReason, provider, workload, lifecycle } = resource;
  const restarts = resource.restarts ? plural(resource.restarts, 'restart') : null;
  if (stateReason && state !== 'running') return restarts ? `${stateReason}, ${restarts}` : stateReason;
  if (provider === 'azure' && state === 'stopped' && isBilledStop(resource.nativeState)) return 'stopped, still billed';
  if (restarts) return restarts;
  if (stateReason) return stateReason;
  if (lifecycle === 'spot') return 'spot';
  if (workload && isScaleSet(workload.kind)) return `scale set ${workload.name}`;
  return hostOf(resource);
}
