import { asAmount } from '#providers/kit/read.ts';
import type { Dictionary } from './dictionary.ts';
import type { Nic, Vm } from './vm.ts';

/** What a .vmx says of its VM. */
export type FromVmx = Pick<Vm, 'name' | 'cpus' | 'memory' | 'guestOs' | 'uuidBios' | 'notes' | 'nics'> & {
  /** It was suspended, and its memory is in this file. */
  suspended: boolean;
  /** All of it, or the part that is missing here, cannot be read without a password. */
  encrypted: boolean;
};

/** Where a key is missing VMware takes a default: one CPU. Of an encrypted one nothing can be said of a missing key. */
export function fromVmx(vmx: Dictionary): FromVmx {
  const text = (key: string): string | null => vmx.get(key) || null;
  const encrypted = vmx.has('encryption.keysafe') || vmx.has('encryption.data');
  return {
    name: text('displayname'),
    cpus: asAmount(text('numvcpus')) ?? (encrypted ? null : 1),
    memory: asAmount(text('memsize')),
    guestOs: text('guestos'),
    uuidBios: text('uuid.bios'),
    notes: text('annotation'),
    nics: nicsIn(vmx),
    suspended: text('checkpoint.vmstate') !== null,
    encrypted,
  };
}

function nicsIn(vmx: Dictionary): Nic[] {
  const nics: Nic[] = [];
  for (const [key, present] of vmx) {
    const [, nic] = /^(ethernet\d{1,2})\.present$/.exec(key) ?? [];
    if (nic === undefined || !/^true$/i.test(present)) continue;
    const text = (name: string): string | null => vmx.get(`${nic}.${name}`) || null;
    nics.push({
      mac: text('address') ?? text('generatedaddress'),
      // The default of a card that does not say.
      type: text('connectiontype') ?? 'bridged',
      vmnet: text('vnet'),
    });
  }
  return nics;
}
