import type { JsonValue } from '#lib/model/index.ts';
import { asAmount, asArray, asRecord, asString, type Fields } from '../kit/read.ts';

/** `memory` in MiB. */
export interface Flavor {
  name: string | null;
  vcpus: number | null;
  memory: number | null;
  isolation: string | null;
}

/** From 2.47 on the flavor stands in the server, as it was when the server was made; before, only its id does. */
export function embeddedFlavor(flavor: Fields | null): Flavor | null {
  const name = asString(flavor?.original_name);
  return flavor && name ? read(flavor, name) : null;
}

/** The id of a flavor that is not embedded. */
export const flavorIdOf = (server: Fields | null): string | null => {
  const flavor = asRecord(server?.flavor);
  return flavor && asString(flavor.original_name) === null ? asString(flavor.id) : null;
};

/** Flavors of a page of `flavors/detail`, by id. */
export function flavorsOf(rows: readonly unknown[]): [string, Flavor][] {
  return rows.flatMap((row) => {
    const flavor = asRecord(row);
    const id = asString(flavor?.id);
    return flavor && id ? [[id, read(flavor, asString(flavor.name))] as [string, Flavor]] : [];
  });
}

const read = (flavor: Fields, name: string | null): Flavor => ({
  name,
  vcpus: asAmount(flavor.vcpus),
  memory: asAmount(flavor.ram),
  isolation: isolationOf(asRecord(flavor.extra_specs)),
});

/** Encrypted memory; AMD SEV where the model is not named. https://docs.openstack.org/nova/latest/configuration/extra-specs.html */
function isolationOf(specs: Fields | null): string | null {
  const wanted = asString(specs?.['hw:mem_encryption'])?.toLowerCase();
  if (wanted !== 'true' && wanted !== '1' && wanted !== 'yes') return null;
  return (asString(specs?.['hw:mem_encryption_model'])?.toLowerCase() ?? 'amd-sev').replace(/^amd-/, '');
}

export type Flavors = ReadonlyMap<string, Flavor>;

/** Flavors as they are kept for a later process: `{ "<id>": ["m1.small", 1, 2048, null] }`. */
export const keptFlavors = {
  encode: (flavors: Flavors): JsonValue =>
    Object.fromEntries(
      [...flavors].map(([id, { name, vcpus, memory, isolation }]) => [id, [name, vcpus, memory, isolation]]),
    ),
  decode: (kept: JsonValue): Flavors =>
    new Map(
      Object.entries(asRecord(kept) ?? {}).map(([id, stored]) => {
        const [name, vcpus, memory, isolation] = asArray(stored);
        return [
          id,
          { name: asString(name), vcpus: asAmount(vcpus), memory: asAmount(memory), isolation: asString(isolation) },
        ];
      }),
    ),
};
