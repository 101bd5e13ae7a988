import { asRecord, asString, type Fields } from '../kit/read.ts';

/** A resource with its `properties` beside its other keys: ARM nests them, the SDK lays them flat. */
export function flat(row: unknown): Fields | null {
  const resource = asRecord(row);
  const inner = asRecord(resource?.properties);
  if (!resource || !inner) return resource;
  const { properties, ...outer } = resource;
  return { ...outer, ...inner };
}

/** ARM ids ignore case, and come in several; ours are lower case. */
export const lowerId = (value: unknown): string | null => asString(value)?.toLowerCase().replace(/\/+$/, '') ?? null;

/** ARM answers `westeurope` here and `West Europe` there. */
export const regionOf = (resource: Fields | null): string | null =>
  asString(resource?.location)?.toLowerCase().replaceAll(' ', '') ?? null;

/** The part of an ARM id after `/<word>/`, in lower case. */
export function partOf(id: string | null, word: string): string | null {
  const parts = id?.toLowerCase().split('/') ?? [];
  const at = parts.indexOf(word);
  return at < 0 ? null : asString(parts[at + 1]);
}
