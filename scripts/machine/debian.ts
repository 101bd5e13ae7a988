import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian's packages, each with a file that is there once it is installed, or without Debian. */
export type Packages = Readonly<Record<string, string>>;
type Apt = (...args: string[]) => boolean;

const BUSYBOX = { 'busybox-static': '/usr/bin/busybox' };
export const VIRSH: Packages = { 'libvirt-clients': '/usr/bin/virsh' };

/** What the tests against real systems start: engines and hypervisors of their own, with guests of one static program. */
export const SYSTEMS: Readonly<Record<string, Packages>> = {
  'Docker Engine': { 'docker.io': '/usr/sbin/dockerd', ...BUSYBOX },
  Podman: {
    podman: '/usr/bin/podman',
    crun: '/usr/bin/crun',
    conmon: '/usr/bin/conmon',
    'golang-github-containers-common': '/etc/containers/policy.json',
    runc: '/usr/sbin/runc',
    ...BUSYBOX,
  },
  VirtualBox: { debootstrap: '/usr/sbin/debootstrap' },
  LXD: { lxd: '/usr/bin/lxd', 'lxd-client': '/usr/bin/lxc', ...BUSYBOX },
  libvirtd: {
    ...VIRSH,
    'libvirt-daemon': '/usr/sbin/libvirtd',
    'libvirt-daemon-driver-qemu': '/usr/bin/virt-qemu-run',
    'libvirt-daemon-driver-lxc': '/usr/lib/libvirt/libvirt_lxc',
    'qemu-system-x86': '/usr/bin/qemu-system-x86_64',
    seabios: '/usr/share/seabios/bios.bin',
    'ipxe-qemu': '/usr/lib/ipxe/qemu/efi-virtio.rom',
    ...BUSYBOX,
  },
};

/**
 * Makes sure of packages: what is missing is installed where that needs no password, which is as root on Debian. Who needs them is left out
 * otherwise, and says why.
 * @returns what is missing afterwards and how to get it, null where nothing is
 */
export function ensurePackages(
  packages: Packages,
  exists: (file: string) => boolean = existsSync,
  apt: Apt | null = debian(),
): string | null {
  const missing = () =>
    Object.entries(packages)
      .filter(([, file]) => !exists(file))
      .map(([name]) => name);
  const before = missing();
  if (before.length === 0) return null;
  const command = `apt-get install --no-install-recommends ${before.join(' ')}`;
  if (!apt) return `${before.join(', ')} (Debian: ${command})`;
  if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...before))
    return `${before.join(', ')}: \`${command}\` failed`;
  const after = missing();
  return after.length === 0 ? null : `${after.join(', ')}: not where Debian has it after \`${command}\``;
}

function debian(): Apt | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  const env = {
    ...process.env,
    DEBIAN_FRONTEND: 'noninteractive',
    // Engines are for the tests' own use: none is to run on the machine by itself.
    RUNLEVEL: '1',
  };
  return (...args) => spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0;
}
