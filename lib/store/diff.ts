import { CHANGES } from '#lib/language/fields.ts';
import type { Resource } from '#lib/model/index.ts';

type Row = Omit<Resource, 'raw'>;

export interface FieldChange {
  field: string;
  from: string | null;
  to: string | null;
}

/** What changed between two sightings of one resource, one entry per value of {@link CHANGES} and per tag key (`tag.<key>`). */
export function diff(before: Row, after: Row): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const { name, text } of CHANGES) {
    const from = text(before);
    const to = text(after);
    if (from !== to) changes.push({ field: name, from, to });
  }
  for (const [key, from] of Object.entries(before.tags)) {
    const to = Object.hasOwn(after.tags, key) ? (after.tags[key] ?? null) : null;
    if (from !== to) changes.push({ field: `tag.${key}`, from, to });
  }
  for (const [key, to] of Object.entries(after.tags)) {
    if (!Object.hasOwn(before.tags, key)) changes.push({ field: `tag.${key}`, from: null, to });
  }
  return changes;
}
