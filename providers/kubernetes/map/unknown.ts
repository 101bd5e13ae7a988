import type { DetailField, Resource } from '#lib/model/index.ts';
import type { Lookup } from '../clusters/place.ts';
import { controllerAbove } from './map-pod.ts';
import type { RawPod } from './raw.ts';
import { controllerOf, text } from './read.ts';

/** What a pod has from its node. */
export const OF_NODE: readonly DetailField[] = ['region', 'zone', 'os', 'isolation'];

/** The fields of a container's row that hang on an owner, node or runtime class that could not be read. */
export function unknownOf(row: Resource, pod: RawPod, lookup: Lookup): DetailField[] {
  const fields: DetailField[] = [];
  if (controllerAbove(controllerOf(pod.metadata ?? {}), lookup) === 'unknown') fields.push('workload');
  const node = text(pod.spec?.nodeName);
  const runtimeClass = text(pod.spec?.runtimeClassName);
  if (node !== null && lookup.node(node) === undefined) fields.push(...OF_NODE.filter((field) => row[field] === null));
  else if (runtimeClass !== null && row.isolation === null && lookup.handler(runtimeClass) === undefined)
    fields.push('isolation');
  return fields;
}
