import type { Hypervisor, Server } from './types-openstack.ts';

/** One libvirt connection. */
export interface LibvirtHost {
  index: number;
  /** `<host><uuid>` of its capabilities, lower case: what its firmware says. */
  uuid: string;
  hostname: string;
  /** `qemu+ssh://muster@compute-01.meridian.example/system`, `lxc+ssh://...`. */
  uri: string;
  driver: 'qemu' | 'lxc';
  cpus: number;
  /** MiB. */
  memory: number;
  /** Nova's hypervisor that it is: its domains are then the servers on it. */
  hypervisor: Hypervisor | null;
  /** How many domains it has; for a hypervisor of Nova's, at most. */
  size: number;
  /** The first domain of the two hosts with this number has the same UUID on both. */
  twin: number | null;
}

/** In virsh's words, with the number of virDomainState in front: 1 running, 3 paused, 4 in shutdown, 5 shut off, 6 crashed, 7 pmsuspended. */
export type DomainState =
  | { number: 1; name: 'running'; reason: 'booted' | 'unpaused' }
  | { number: 3; name: 'paused'; reason: 'user' | 'ioerror' }
  | { number: 4; name: 'in shutdown'; reason: 'user' }
  | { number: 5; name: 'shut off'; reason: 'shutdown' | 'destroyed' | 'crashed' | 'failed' | 'saved' }
  | { number: 6; name: 'crashed'; reason: 'panicked' }
  | { number: 7; name: 'pmsuspended'; reason: 'unknown' };

export interface Domain {
  host: LibvirtHost;
  /** Unique on its host only: a clone on another host can have the same. */
  uuid: string;
  /** `instance-%08x` where Nova made it. */
  name: string;
  title: string | null;
  /** While it is active. */
  id: number | null;
  state: DomainState;
  vcpus: number;
  /** MiB. */
  memory: number;
  /** `<os><type>`: `hvm`, or `exe` of a container. */
  osType: 'hvm' | 'exe';
  /** `pc-q35-9.2`; null of a container. */
  machineType: string | null;
  /** libosinfo's, of those that people made: `http://debian.org/debian/12`. */
  osId: string | null;
  arch: 'x86_64' | 'aarch64';
  /** With the address that `domifaddr` knows, if it knows one. */
  interfaces: readonly { mac: string; network: string; address: string | null }[];
  server: Server | null;
  /** To be planted where a domain's XML has secrets (a VNC password, a description): must never be seen again. */
  secret: string;
}
