import type { DetailField } from '#lib/model/index.ts';

/** A VM as one of the two ways in came to know it. What is null was not told; `unknown` says which of that could not be asked. */
export interface Vm {
  /** Of its .vmx, as the machine that runs it spells it. Null in a row that does not say it. */
  path: string | null;
  /** The REST service's own id. */
  id: string | null;
  name: string | null;
  /** A word of `VMPowerState`. */
  power: string | null;
  cpus: number | null;
  /** MiB. */
  memory: number | null;
  /** VMware's word: `debian12-64`. */
  guestOs: string | null;
  uuidBios: string | null;
  /** What people wrote under "Notes"; of it only lines `key=value` are kept. */
  notes: string | null;
  nics: readonly Nic[];
  /** Null where no tools in the guest tell them. */
  addresses: readonly string[] | null;
  unknown: readonly DetailField[];
}

export interface Nic {
  mac: string | null;
  /** `nat`, `bridged`, `hostonly`, `custom`. */
  type: string | null;
  vmnet: string | null;
}
