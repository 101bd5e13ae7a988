import type { Call, OwnMachine } from '#providers/contract.ts';

/**
 * The REST service of Workstation Pro and Fusion, vmrest 1.1 to 1.3.1 (its own description: `/json/swagger.json`), or the mock's. Each
 * is one call that answers parsed JSON. Errors are ProviderErrors; what the service refuses is a {@link RefusedByVmrest}.
 */
export interface VmrestClient {
  /** Names the service in errors. */
  readonly place: string;
  /** Name of the machine that runs the VMs, lower case. */
  readonly host: string;
  /** The collector's own machine, where that is this one. */
  own(): Own | null;
  /** `{ num, vmnets: [{ name, type, dhcp, subnet, mask }] }` */
  networks(call: Call): Promise<unknown>;
  /** `[{ id, path }]` */
  vms(call: Call): Promise<unknown>;
  /** `{ power_state }` */
  power(id: string, call: Call): Promise<unknown>;
  /** `{ id, cpu: { processors }, memory }`, MiB */
  settings(id: string, call: Call): Promise<unknown>;
  /** `{ num, nics: [{ index, type, vmnet, macAddress }] }` */
  nics(id: string, call: Call): Promise<unknown>;
  /** `{ nics: [{ mac, ip: ["192.168.72.10/24"], ... }] }`; refused of a VM that does not run. */
  addresses(id: string, call: Call): Promise<unknown>;
  /** `{ name, value }` of one key of the .vmx, whose case counts here; "" where the file has no such key. */
  param(id: string, name: string, call: Call): Promise<unknown>;
  /** Paths of the VMs that run, by `vmrun list`; absent where no vmrun is named. */
  running?: ((call: Call) => Promise<string[]>) | undefined;
  /** Reads the password anew with the next call. */
  renew(): void;
  close(): Promise<void>;
}

export interface Own {
  machine: OwnMachine;
  cpus: number;
}
