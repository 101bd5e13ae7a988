import type { DetailField } from '#lib/model/index.ts';
import { isFirmwareUuid } from '#providers/kit/firmware.ts';
import { amountOf, fields, textOf } from '#providers/kit/read.ts';
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
  const said = fields(answer);
  const cpu = fields(said?.cpu);
  const memory = fields(said?.memory);
  if (!cpu || !memory) throw unexpected(place, 'cpu and memory of the server', answer).of(RESOURCES);
  const system = fields(said?.system);
  const type = textOf(system?.type);
  const uuid = textOf(system?.uuid)?.toLowerCase() ?? null;
  const bytes = amountOf(memory.total);
  const has = uuid !== null && isFirmwareUuid(uuid) && (type === 'physical' || type === 'virtual-machine');
  return {
    cpus: amountOf(cpu.total) || null,
    memory: bytes ? Math.round(bytes / MIB) : null,
    uuid: has ? uuid : null,
    physical: type === 'physical',
  };
}
