import { existsSync } from 'node:fs';
import { ensurePackages, VIRSH } from './debian.ts';

const INSTALLED = ['/usr/bin/virsh', '/usr/local/bin/virsh', '/opt/homebrew/bin/virsh'];

/** libvirt's client on this machine; with its test driver it needs neither daemon nor hypervisor. */
export function findVirsh(exists: (file: string) => boolean = existsSync): string | undefined {
  return INSTALLED.find((file) => exists(file));
}

export const NO_VIRSH =
  "no virsh on this machine: install libvirt's client (Debian: apt-get install --no-install-recommends libvirt-clients)";

/** Finds virsh, or installs Debian's where that needs no password. */
export function ensureVirsh(): string | undefined {
  if (!findVirsh()) ensurePackages(VIRSH);
  return findVirsh();
}
