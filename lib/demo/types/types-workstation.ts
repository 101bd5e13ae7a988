/** A person's machine that runs VMware Workstation or Fusion. */
export interface Desk {
  index: number;
  hostname: string;
  cpus: number;
  /** MiB. */
  memory: number;
  /** Whose library of VMs it is. */
  user: string;
  /** How many VMs it has. */
  size: number;
}

/** In the words of the REST service of Workstation and Fusion. */
export type DeskVmState = 'poweredOn' | 'poweredOff' | 'paused' | 'suspended';

export interface DeskVm {
  desk: Desk;
  /** What the REST service calls it; 32 capital letters and digits. */
  id: string;
  /** Of its .vmx, on the desk. */
  path: string;
  name: string;
  state: DeskVmState;
  vcpus: number;
  /** MiB. */
  memory: number;
  /** VMware's word: `debian12-64`. */
  guestOs: string;
  /** 16 bytes as the .vmx has them: `56 4d 9b ef ac d9 b4 e0-c8 f0 ae a8 b9 10 35 11`. */
  uuidBios: string;
  nics: readonly { mac: string; type: 'nat' | 'bridged' | 'hostonly'; vmnet: string; address: string | null }[];
  tags: readonly (readonly [key: string, value: string])[];
  /** To be planted where a VM's notes have secrets: must never be seen again. */
  secret: string;
}
