import type { Account, Machine } from './types.ts';

/** The one OpenStack cloud of the fleet: one region, a few projects, two cells. */
export interface OpenStackCloud {
  /** Host name of Keystone, with which uids of its servers begin: `keystone.meridian.example`. */
  authHost: string;
  /** `RegionOne`. */
  region: string;
  /** Accounts of the cloud `openstack`; their one place is this region. */
  projects: readonly Account[];
  /** As `os-hypervisors/detail` lists them; those of a down cell are not in its answer. */
  hypervisors: readonly Hypervisor[];
}

export interface Hypervisor {
  index: number;
  /** As from microversion 2.53 on, a UUID. */
  id: string;
  /** `hypervisor_hostname`: `compute-07.meridian.example`. */
  hostname: string;
  hostIp: string;
  zone: string;
  vcpus: number;
  /** MiB. */
  memory: number;
  state: 'up' | 'down';
  status: 'enabled' | 'disabled';
  /** Only with faults. Nova then answers partial rows for its servers and leaves the hypervisor out. */
  cellDown: boolean;
}

/** `OS-EXT-STS:power_state`: none, running, paused, shut down, crashed, suspended. */
export type PowerState = 0 | 1 | 3 | 4 | 6 | 7;

/** A VM of Nova: what {@link Machine} says of any, and what only Nova says. */
export interface Server {
  machine: Machine;
  /** `machine.systemUuid`, which the guest's firmware and libvirt's domain say too. */
  uuid: string;
  name: string;
  project: Account;
  /** Its cell is down: Nova says id, created, project, AZ and status UNKNOWN, nothing else. */
  partial: boolean;
  status: 'ACTIVE' | 'BUILD' | 'SHUTOFF' | 'SUSPENDED' | 'PAUSED' | 'ERROR' | 'SHELVED_OFFLOADED' | 'UNKNOWN';
  /** `spawning`, `powering-off`, `powering-on`, `suspending`, or null. */
  taskState: string | null;
  /** `active`, `building`, `stopped`, `suspended`, `paused`, `error`, `shelved_offloaded`. */
  vmState: string;
  powerState: PowerState;
  /** `OS-EXT-SRV-ATTR:instance_name`, the domain's name: `instance-%08x`. */
  instanceName: string;
  /** Null while it is not scheduled or shelved away. */
  hypervisor: Hypervisor | null;
  /** Name, vcpus, ram (MiB), disk (GiB), extra specs. */
  flavor: {
    name: string;
    vcpus: number;
    ram: number;
    disk: number;
    extraSpecs: Readonly<Record<string, string>>;
  };
  zone: string;
  /** In the order of its ports; a floating address has the MAC of the fixed one it belongs to. */
  addresses: readonly { network: string; address: string; version: 4 | 6; type: 'fixed' | 'floating'; mac: string }[];
  /** Null where it boots from a volume. */
  image: { id: string; name: string } | null;
  /** People's tags; the secret is not in it. */
  metadata: readonly (readonly [string, string])[];
  /** Epoch ms. */
  createdAt: number;
  /** Null until it ran for the first time. */
  launchedAt: number | null;
}
