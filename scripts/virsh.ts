import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const INSTALLED = ['/usr/bin/virsh', '/usr/local/bin/virsh', '/opt/homebrew/bin/virsh'];

/** libvirt's client on this machine; with its test driver it needs neither daemon nor hypervisor. */
export function findVirsh(exists: (file: string) => boolean = existsSync): string | undefined {
  return INSTALLED.find((file) => exists(file));
}

export const NO_VIRSH =
  "no virsh on this machine: install libvirt's client (Debian: apt-get install --no-install-recommends libvirt-clients)";

/** Finds virsh, or installs Debian's where that needs no password. */
export function ensureVirsh(): string | undefined {
  const found = findVirsh();
  if (found || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found;
  const apt = (...args: string[]) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
      .status === 0;
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', 'libvirt-clients')) return undefined;
  return findVirsh();
}
