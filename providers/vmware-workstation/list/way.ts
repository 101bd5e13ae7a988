import type { DetailError } from '#lib/model/index.ts';
import type { Call } from '#providers/contract.ts';
import type { HostFacts } from '../map/map-host.ts';
import type { Vm } from '../map/vm.ts';

/** All VMs of a machine at one moment, with what of them could not be asked. */
export interface Look {
  vms: Vm[];
  errors: readonly (DetailError | null)[];
}

/** One of the ways to the VMs of one machine: its REST service, or `vmrun` and files. Errors are ProviderErrors. */
export interface Way {
  /** Names the way in errors. */
  readonly place: string;
  /** Name of the machine, lower case: the account. */
  readonly host: string;
  /** Asks something that only a Workstation that is there can answer. */
  greet(call: Call): Promise<HostFacts>;
  /** Everything of every VM; what does not move by itself is asked again after minutes only. */
  look(call: Call): Promise<Look>;
  /** By path, the word of the state of every VM that there is; null where it is not known. Cheap. */
  states(call: Call): Promise<ReadonlyMap<string, string | null>>;
  /** What changes with a VM's state is asked anew at its next look. */
  forget(paths: readonly string[]): void;
  /** Each call that is made, tried once. */
  checks: readonly (readonly [action: string, check: (call: Call) => Promise<unknown>])[];
  renew(): void;
  close(): Promise<void>;
}
