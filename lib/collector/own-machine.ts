import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { OwnMachine } from '#providers/contract.ts';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const MACHINE_ID = '/etc/machine-id';
const BLOCKS = '/sys/devices/system/memory';

/**
 * The machine that this process runs on, read anew each time: memory may be plugged in. Null where its kernel says nothing that tells it from
 * others. In a container of Docker the boot id is that of the host, its name is not, unless it has the host's.
 */
export function ownMachine(files = { bootId: BOOT_ID, machineId: MACHINE_ID, blocks: BLOCKS }): OwnMachine | null {
  const bootId = idIn(files.bootId);
  if (bootId === null) return null;
  return {
    hostname: os.hostname(),
    kernel: os.release(),
    memory: os.totalmem() / 2 ** 20,
    installed: installed(files.blocks),
    bootId,
    machineId: idIn(files.machineId),
  };
}

/** https://docs.kernel.org/admin-guide/mm/memory-hotplug.html */
function installed(folder: string): number | null {
  try {
    const read = (...file: string[]) => readFileSync(path.join(folder, ...file), 'utf8').trim();
    const online = readdirSync(folder).filter((name) => /^memory\d+$/.test(name) && read(name, 'online') === '1');
    return (online.length * Number.parseInt(read('block_size_bytes'), 16)) / 2 ** 20 || null;
  } catch {
    return null;
  }
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
