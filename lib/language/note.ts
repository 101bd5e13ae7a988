import { conditionText, type Resource } from '#lib/model/index.ts';

/** A VM in this power state was stopped from inside and keeps its place, which costs what it did; only `deallocated` is free. */
const isBilledStop = (nativeState: string | null): boolean => /^PowerState\/stopped$/i.test(nativeState ?? '');

const isScaleSet = (kind: string | undefined): boolean => /^(virtualmachine)?scale ?sets?$/i.test(kind ?? '');

/** Short name of the host: a node's identity may carry its cluster in front. */
function hostOf({ kind, hostedBy }: Pick<Resource, 'kind' | 'hostedBy'>): string | null {
  const named = kind === 'container' ? ['node', 'hostname'] : ['hostname', 'node'];
  const host = named.map((type) => hostedBy.find((identity) => identity.type === type)).find((found) => found);
  return host ? `on ${host.value.slice(host.value.lastIndexOf('/') + 1)}` : null;
}

/** The one thing worth knowing beside a row's name, trouble first; null if there is nothing to say. */
export function noteOf(resource: Omit<Resource, 'raw'>): string | null {
  const { state, workload, lifecycle } = resource;
  const condition = conditionText(resource);
  if (condition !== null) return condition;
  if (state === 'stopped' && isBilledStop(resource.nativeState)) return 'stopped, still billed';
  if (lifecycle === 'spot') return 'spot';
  if (workload && isScaleSet(workload.kind)) return `scale set ${workload.name}`;
  return hostOf(resource);
}
