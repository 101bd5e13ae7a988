import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type JsonValue, type Resource, tagsOf } from '#lib/model/index.ts';

/** A resource as its row holds it. JSON escapes what SQLite text cannot carry: lone surrogates and NUL. */
export interface Encoded {
  data: string;
  raw: string;
  dataHash: string;
  rawHash: string;
}

// 132 bits: a collision would hide a change, and whoever sets tags may look for one.
const digest = (text: string) => hash('sha256', text, 'base64').slice(0, 22);

export function encode(resource: Resource): Encoded {
  const { raw, ...rest } = resource;
  const data = JSON.stringify(rest);
  const detail = JSON.stringify(raw) ?? 'null';
  return { data, raw: detail, dataHash: digest(data), rawHash: digest(detail) };
}

/** The row's resource; its tags have no prototype, so that `__proto__` stays a key like any other. */
export function decode(data: string): Omit<Resource, 'raw'> {
  const resource: Omit<Resource, 'raw'> = JSON.parse(data);
  return { ...resource, tags: tagsOf(Object.entries(resource.tags)) };
}

export function decodeRaw(raw: string): JsonValue {
  return JSON.parse(raw);
}

/** Equal as values: the order of an object's keys says nothing, and systems change it from call to call. */
export const sameValue = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

/** Whether a row still holds what was written: for the integrity check. */
export function intact(row: { data: string; raw: string; dataHash: string; rawHash: string }): boolean {
  return digest(row.data) === row.dataHash && digest(row.raw) === row.rawHash;
}
