import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type JsonValue, type PackedRow, unpackData } from '#lib/model/index.ts';

/** A listed resource as its row will hold it. */
export interface Encoded extends PackedRow {
  uid: string;
  dataHash: string;
  rawHash: string;
}

// 132 bits: a collision would hide a change, and whoever sets tags may look for one.
const digest = (text: string) => hash('sha256', text, 'base64').slice(0, 22);

export function encode(uid: string, { scope, objectId, data, raw }: PackedRow): Encoded {
  return { uid, scope, objectId, data, raw, dataHash: digest(data), rawHash: digest(raw) };
}

export const decode = unpackData;

export function decodeRaw(raw: string): JsonValue {
  return JSON.parse(raw);
}

/** Equal as values: the order of an object's keys says nothing, and systems change it from call to call. */
export const sameValue = (a: unknown, b: unknown): boolean => isDeepStrictEqual(a, b);

/** Whether a row still holds what was written: for the integrity check. */
export function intact(row: { data: string; raw: string; dataHash: string; rawHash: string }): boolean {
  return digest(row.data) === row.dataHash && digest(row.raw) === row.rawHash;
}
