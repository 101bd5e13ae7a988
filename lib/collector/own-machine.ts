import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { OwnMachine } from '#providers/contract.ts';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const MACHINE_ID = '/etc/machine-id';

/**
 * The machine that this process runs on, read anew each time: memory may be plugged in. Null where its kernel says nothing that tells it from
 * others. In a container the boot id is that of the host, its name is not, unless it has the host's.
 */
export function ownMachine(files = { bootId: BOOT_ID, machineId: MACHINE_ID }): OwnMachine | null {
  const bootId = idIn(files.bootId);
  if (bootId === null) return null;
  return {
    hostname: os.hostname(),
    kernel: os.release(),
    memory: os.totalmem() / 2 ** 20,
    bootId,
    machineId: idIn(files.machineId),
  };
}

/** 128 bits in hex; null where there is no such file, or another content (`uninitialized`). */
function idIn(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim().toLowerCase();
    return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}
