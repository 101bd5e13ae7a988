import { asAmount, asArray, asRecord, asString, type Fields } from '../kit/read.ts';

/** `memory` in MiB. */
export interface Size {
  vcpus: number | null;
  memory: number | null;
}

/**
 * Sizes of a page of resource SKUs, by their name in lower case. A constrained size (`Standard_E8-4s_v5`) has `vCPUsAvailable`
 * of its `vCPUs`.
 */
export function sizesOf(skus: readonly unknown[]): [string, Size][] {
  return skus.flatMap((row) => {
    const sku = asRecord(row);
    const name = asString(sku?.name);
    if (!name || asString(sku?.resourceType)?.toLowerCase() !== 'virtualmachines') return [];
    const capability = new Map(
      asArray(sku?.capabilities).map((item) => [asString(asRecord(item)?.name), asAmount(asRecord(item)?.value)]),
    );
    const gib = capability.get('MemoryGB') ?? null;
    const size = {
      vcpus: capability.get('vCPUsAvailable') ?? capability.get('vCPUs') ?? null,
      memory: gib === null ? null : gib * 1024,
    };
    return [[name.toLowerCase(), size] as [string, Size]];
  });
}

/** `hardwareProfile.vmSizeProperties`: what this machine was given of its size's CPUs. */
export const ownVcpus = (hardwareProfile: Fields | null): number | null =>
  asAmount(asRecord(hardwareProfile?.vmSizeProperties)?.vCPUsAvailable);
