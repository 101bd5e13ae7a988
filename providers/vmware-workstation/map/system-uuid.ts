import { isFirmwareUuid } from '#providers/kit/firmware.ts';

/**
 * The UUIDs that a guest's firmware may say, lower case, of `uuid.bios`: `56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 11`. The file
 * keeps 16 bytes in the order of SMBIOS. Up to SMBIOS 2.5 they are read as they stand; from 2.6 on the first three groups are
 * little-endian (DMTF DSP0134, 7.2.1), so that guests turn them: `ef9b4d56-d9ac-e0b4-c8f0-aea8b9103511`. Which SMBIOS a VM has goes by
 * its hardware version (2.7 from 13 on), but not for all that were imported or set `acpi.smbiosVersion2.7`, so both are told, that of
 * today's guests first. libvirt's and vCenter's word is the untouched one.
 *
 * Sources: https://knowledge.broadcom.com/external/article/344089 (format and byte order); `ConvertK8sUUIDtoNormal` of
 * kubernetes/cloud-provider-vsphere (the node's systemUUID against VMware's); `getVmUuid` of candlepin/virt-who (hardware version 13);
 * vmware-archive/kubernetes-archived#450 (imported VMs keep the old order).
 *
 * @returns none for what is no UUID, or a filler
 */
export function systemUuids(uuidBios: string | null): string[] {
  const digits = (uuidBios ?? '').replace(/[\s-]/g, '').toLowerCase();
  const [, a, b, c, d, e] = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(digits) ?? [];
  if (!a || !b || !c || !d || !e) return [];
  const turned = [turn(a), turn(b), turn(c), d, e].join('-');
  const plain = [a, b, c, d, e].join('-');
  return [...new Set([turned, plain])].filter(isFirmwareUuid);
}

const turn = (group: string): string => (group.match(/../g) ?? []).reverse().join('');
