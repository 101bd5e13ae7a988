import { type Tags, tagsOf } from '#lib/model/index.ts';
import { UnreadableRow } from '#providers/kit/rows.ts';
import type { RawMeta, RawObject, RawOwner } from './raw.ts';

/** A text that says something, else null. */
export const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Go leaves an empty list out or writes null. */
export function list<T>(value: readonly T[] | null | undefined, field: string): readonly T[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UnreadableRow(field, 'a list');
  return value;
}

// How the API server writes every time. Days that not every month has go the slow way.
const USUAL = /^(?:19[7-9]|2\d\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** RFC 3339 to the model's timestamp; null for the zero time and for what is no time. */
export function timestamp(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  if (USUAL.test(value)) return `${value.slice(0, 19)}.000Z`;
  const ms = Date.parse(value);
  return Number.isNaN(ms) || ms <= 0 ? null : new Date(ms).toISOString();
}

/** The metadata that every object must have. */
export function metadataOf(object: RawObject): RawMeta & { name: string; uid: string } {
  const meta = object.metadata;
  if (typeof meta !== 'object' || meta === null) throw new UnreadableRow('metadata', 'an object');
  const { name, uid } = meta;
  if (typeof uid !== 'string' || uid === '') throw new UnreadableRow('metadata.uid', 'a text');
  if (typeof name !== 'string' || name === '') throw new UnreadableRow('metadata.name', 'a text');
  return meta as RawMeta & { name: string; uid: string };
}

export function labelsOf(meta: RawMeta): Tags {
  const { labels } = meta;
  if (labels === undefined || labels === null) return tagsOf([]);
  if (typeof labels !== 'object' || Array.isArray(labels)) throw new UnreadableRow('metadata.labels', 'an object');
  const pairs = Object.entries(labels);
  for (const [, value] of pairs)
    if (typeof value !== 'string') throw new UnreadableRow('metadata.labels', 'an object of texts');
  return tagsOf(pairs);
}

/** The one owner that manages the object, where there is one. */
export const controllerOf = (meta: RawMeta): RawOwner | undefined =>
  list(meta.ownerReferences, 'metadata.ownerReferences').find((owner) => owner.controller === true);
