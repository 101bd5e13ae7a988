import type { DetailField } from '#lib/model/index.ts';
import { isFirmwareUuid } from '#providers/kit/firmware.ts';
import { asAmount, asRecord, asString } from '#providers/kit/read.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { RESOURCES } from '../client/client.ts';

/** What a machine has, from `GET /1.0/resources`. */
export interface Hardware {
  cpus: number | null;
  /** MiB. */
  memory: number | null;
  /** Of its firmware, where the server runs on the machine itself or in a VM: a container shows that of its host. */
  uuid: string | null;
  /** False where it is a VM or a container, or does not say. */
  physical: boolean;
}

/** What only that call tells of a member's row. */
export const OF_RESOURCES: readonly DetailField[] = ['vcpus', 'memory', 'allocatable', 'physical', 'identities'];

const MIB = 1024 * 1024;

/** @throws ProviderError `bad-reply` */
export function hardwareOf(answer: unknown, place: string): Hardware {
  const parsed = asRecord(answer);
  const cpu = asRecord(parsed?.cpu);
  const memory = asRecord(parsed?.memory);
  if (!cpu || !memory) throw unexpected(place, 'cpu and memory of the server', answer).of(RESOURCES);
  const system = asRecord(parsed?.system);
  const type = asString(system?.type);
  const uuid = asString(system?.uuid)?.toLowerCase() ?? null;
  const bytes = asAmount(memory.total);
  const has = uuid !== null && isFirmwareUuid(uuid) && (type === 'physical' || type === 'virtual-machine');
  return {
    cpus: asAmount(cpu.total) || null,
    memory: bytes ? Math.round(bytes / MIB) : null,
    uuid: has ? uuid : null,
    physical: type === 'physical',
  };
}
