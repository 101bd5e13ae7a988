import type { Call, OwnMachine } from '#providers/contract.ts';
import type { Action } from '../policy.ts';

/** VirtualBox of one user on one machine: VBoxManage (`openClients`) or the mock's. Errors are ProviderErrors that name their action. */
export interface VirtualBoxClient {
  readonly user: string;
  /** Of the machine, in lower case. */
  readonly hostname: string;
  /** `user@hostname`. */
  readonly account: string;
  /** The collector's own machine, where VBoxManage is a program on it. */
  here(): OwnMachine | null;
  /**
   * Runs VBoxManage once.
   * @param uuid of a VM, for actions that are about one
   * @returns its standard output
   */
  ask(action: Action, uuid: string | null, call: Call): Promise<string>;
  /**
   * What the file system says of the settings of a VM.
   * @returns null where it says nothing: over ssh, or where the file is not that VM's
   */
  stamp(settings: Settings): Promise<Stamp | null>;
  /** Reads keys anew before the next call. */
  renew(): void;
  close(): Promise<void>;
}

/** Where the settings of a VM are. */
export interface Settings {
  uuid: string;
  /** Its .vbox, as `CfgFile` of showvminfo names it. */
  file: string;
}

export interface Stamp {
  /** Another one after each change. */
  text: string;
  /** Epoch ms, by the clock of the file system. */
  writtenAt: number;
}

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
