import { asAmount, asRecord, asString } from '../kit/read.ts';

/** `memory` in MiB. */
export interface Size {
  vcpus: number | null;
  memory: number | null;
}

// [family-]custom[-micro|small|medium|<cpus>]-<MiB>[-ext]
const CUSTOM = /^(?:[a-z]\w*-)?custom-(?:(\d+)|micro|small|medium)-(\d+)(?:-ext)?$/;

/**
 * Reads a custom machine type out of its name; null for a predefined one. The shared-core ones (`e2-custom-small-2048`) have two
 * vCPUs, as machineTypes says of e2-micro, e2-small and e2-medium.
 * https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type
 */
export function customSize(type: string): Size | null {
  const match = CUSTOM.exec(type);
  return match ? { vcpus: match[1] === undefined ? 2 : Number(match[1]), memory: Number(match[2]) } : null;
}

/** Machine types of a page of `aggregated/machineTypes`: a type has the same size in every zone. */
export function sizesOf(rows: readonly unknown[]): [string, Size][] {
  return rows.flatMap((row) => {
    const type = asRecord(row);
    const name = asString(type?.name);
    return name
      ? [[name, { vcpus: asAmount(type?.guestCpus), memory: asAmount(type?.memoryMb) }] as [string, Size]]
      : [];
  });
}
