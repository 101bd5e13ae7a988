import type { Batch, Resource } from '#lib/model/index.ts';
import { mapRows } from '#providers/kit/rows.ts';
import type { Lookup, Place } from '../clusters/place.ts';
import { mapNode } from './map-node.ts';
import { mapPod } from './map-pod.ts';
import type { RawNode, RawObject, RawPod } from './raw.ts';
import { text } from './read.ts';
import { unknownOf } from './unknown.ts';

/** What is listed and watched, and how one object becomes rows. */
export const PARTS = ['nodes', 'pods'] as const;
export type Part = (typeof PARTS)[number];

const idOf = (object: RawObject): string | null => text(object.metadata?.uid) ?? text(object.metadata?.name);

/** Objects of the API to rows; one that cannot be understood is told of, and the others are kept. */
export function mapObjects(part: Part, objects: readonly RawObject[], place: Place, lookup: Lookup): Batch {
  const map: (object: RawObject) => Resource | Resource[] =
    part === 'pods' ? (pod) => mapPod(pod as RawPod, place, lookup) : (node) => mapNode(node as RawNode, place);
  if (part === 'nodes') return mapRows(objects, idOf, map);
  return mapRows(objects, idOf, map, (row, pod) => unknownOf(row, pod as RawPod, lookup));
}
