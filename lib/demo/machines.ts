import type { State } from '#lib/model/index.ts';
import { ipv6Address, macAddress, privateAddress, publicAddress } from './plan/addresses.ts';
import { namesOf } from './plan/ids.ts';
import { NODE_SYSTEMS, SIZES, SYSTEMS, sizeFor } from './plan/sizes.ts';
import { eventOf, type Ground, hypervisorIndex, lastEvent, type Slot, slotOf, slotTurn } from './plan/slots.ts';
import { asLabels, tagsFor } from './plan/tags.ts';
import { below, chance, digits, mix, pick, uuid, weighted } from './time/hash.ts';
import type { Turn } from './time/schedule.ts';
import { secretOf } from './truth/canary.ts';
import type { Machine } from './types/types.ts';

/** How a replacement runs, in milliseconds after its turn: the old machine stops, the new one starts, the old one is gone. */
export const REPLACE = {
  oldStops: 0,
  newStarts: 15_000,
  oldGone: 35_000,
  newRuns: 45_000,
  forgotten: 300_000,
} as const;

/** Longest time for which one turn of a slot goes on changing things. */
export const SLOT_EVENT_MS = 480_000;

// Machines that were never replaced were made between these times.
const OLDEST = Date.parse('2021-02-01T00:00:00Z');
const NEWEST = Date.parse('2026-09-01T00:00:00Z');

interface Life {
  generation: number;
  state: State;
  since: number;
  createdAt: number;
  startedAt: number;
}

/** The machines of one slot at `now`: one, two while one replaces the other, never more. */
export function* machinesOf(ground: Ground, index: number, now: number, hostile: boolean): Generator<Machine> {
  const slot = slotOf(ground, index);
  const turn = slotTurn(ground, slot, now);
  const lives = slot.role === 'single' ? [singleLife(ground, slot, turn, now)] : replacedLives(ground, slot, turn, now);
  for (const life of lives) yield machineOf(ground, slot, turn, life, hostile);
}

/** {@link machinesOf} as the cloud lists them: without what it hides or forgets, with an old machine of a name that is used again. */
export function* listedMachines(ground: Ground, index: number, now: number, hostile: boolean): Generator<Machine> {
  const { anomaly } = slotOf(ground, index);
  if (anomaly?.managed || anomaly?.unlisted) return;
  for (const machine of machinesOf(ground, index, now, hostile)) {
    yield machine;
    if (anomaly?.reused) yield olderNamesake(slotOf(ground, index), machine);
  }
}

/** What had a machine's name before it: switched off, and still there. */
export function olderNamesake(slot: Slot, machine: Machine): Machine {
  const key = [...machine.key, 67];
  const address = privateAddress(slot, machine.generation + 1);
  const nativeId = digits(19, key);
  const createdAt = machine.createdAt - 90 * 86_400_000;
  return {
    ...machine,
    key,
    generation: -1,
    nativeId,
    node: null,
    state: 'stopped',
    stateSince: machine.createdAt - 60_000,
    createdAt,
    startedAt: createdAt,
    privateAddress: address,
    mac: macAddress(machine.cloud, slot, machine.generation + 1, address),
    systemUuid: uuid(key),
    secret: secretOf(nativeId),
  };
}

/** The generation whose turn it is, and when it took over. */
export function generationOf(ground: Ground, slot: Slot, epoch: number): Turn {
  if (slot.staticVm) return { epoch: 0, at: NEWEST - below(mix(...slot.key, 54), NEWEST - OLDEST) };
  return lastEvent(ground, slot, epoch, ['replace']) ?? { epoch, at: 0 };
}

function replacedLives(ground: Ground, slot: Slot, turn: Turn, now: number): Life[] {
  const current = generationOf(ground, slot, turn.epoch);
  const age = now - current.at;
  const started = current.at + REPLACE.newStarts;
  const lives: Life[] = [];
  if (age < REPLACE.forgotten) {
    const old = generationOf(ground, slot, current.epoch - 1);
    const oldStarted = old.at + REPLACE.newStarts;
    const born = { generation: old.epoch, createdAt: oldStarted, startedAt: oldStarted };
    if (age < REPLACE.oldGone) lives.push({ ...born, state: 'stopping', since: current.at });
    // Only EC2 goes on listing what is gone.
    else if (slot.place.account.cloud === 'aws')
      lives.push({ ...born, state: 'terminated', since: current.at + REPLACE.oldGone });
  }
  const born = { generation: current.epoch, createdAt: started, startedAt: started };
  if (age >= REPLACE.newRuns) lives.push({ ...born, state: 'running', since: current.at + REPLACE.newRuns });
  else if (age >= REPLACE.newStarts) lives.push({ ...born, state: 'starting', since: started });
  return lives;
}

/** A machine that keeps its identity: it stops and starts, is resized, hibernates, or has been off for years. */
function singleLife(ground: Ground, slot: Slot, turn: Turn, now: number): Life {
  const hash = mix(...slot.key, 51);
  const createdAt = OLDEST + Math.floor(((hash >>> 8) / 0x1000000) * (NEWEST - OLDEST));
  const base = { generation: 0, createdAt };
  const off =
    stateForced(slot) ??
    weighted<State>(mix(...slot.key, 52), [
      [slot.environment === 'prod' ? 0.05 : 0.13, 'stopped'],
      [0.012, 'suspended'],
      [0.008, 'failed'],
      [0.9, 'running'],
    ]);
  // A few weeks after it was made somebody switched it off, and nobody came back to it.
  const offSince = createdAt + 86_400_000 * (2 + (hash % 60));
  if (off !== 'running') return { ...base, startedAt: createdAt, state: off, since: offSince };
  const stop = lastEvent(ground, slot, turn.epoch, ['restart', 'resize', 'hibernate']);
  if (!stop) return { ...base, startedAt: createdAt, state: 'running', since: createdAt };
  const away = 120_000 + below(mix(...slot.key, 53, stop.epoch), 240_000);
  const restarted = stop.at + 20_000 + away;
  const before = lastEvent(ground, slot, stop.epoch - 1, ['restart', 'resize', 'hibernate'])?.at ?? createdAt;
  const hibernates = eventOf(slot, stop.epoch) === 'hibernate';
  if (now < stop.at + 20_000) return { ...base, startedAt: before, state: 'stopping', since: stop.at };
  if (now < restarted)
    return { ...base, startedAt: before, state: hibernates ? 'suspended' : 'stopped', since: stop.at + 20_000 };
  const state = now < restarted + 25_000 ? 'starting' : 'running';
  return { ...base, startedAt: restarted, state, since: state === 'starting' ? restarted : restarted + 25_000 };
}

// States that every OpenStack project shows, however small it is: hung in BUILD, ERROR, SUSPENDED, SHUTOFF, PAUSED, SHELVED_OFFLOADED.
const FORCED: readonly (State | null)[] = [null, 'starting', 'failed', 'suspended', 'stopped', 'suspended', 'stopped'];

function stateForced(slot: Slot): State | null {
  if (slot.staticVm) return 'running';
  return slot.place.account.cloud === 'openstack' && slot.role === 'single' ? (FORCED[slot.index] ?? null) : null;
}

function machineOf(ground: Ground, slot: Slot, turn: Turn, life: Life, hostile: boolean): Machine {
  const { place } = slot;
  const { cloud } = place.account;
  const shared = slot.role === 'member' ? slot.groupKey : slot.key;
  const key = [...slot.key, 61, life.generation];
  const hypervisor = hypervisorIndex(ground, slot.index);
  const zone =
    hypervisor === null
      ? pick(mix(...key, 1), place.zones)
      : (place.zones[hypervisor % place.zones.length] ?? pick(0, place.zones));
  const address = privateAddress(slot, life.generation);
  const names = namesOf(slot, life.generation, zone, address);
  const resized = slot.role === 'single' ? lastEvent(ground, slot, turn.epoch, ['resize']) : null;
  const retagged = slot.role === 'single' ? lastEvent(ground, slot, turn.epoch, ['retag']) : null;
  const extra: [string, string][] = retagged
    ? [['last-patched', new Date(retagged.at).toISOString().slice(0, 10)]]
    : [];
  const tags = tagsFor(slot, hostile, extra);
  const open = slot.service.kind === 'web' || chance(mix(...shared, 62), 0.08);
  return {
    cloud,
    place,
    zone,
    slot: slot.index,
    generation: life.generation,
    key,
    nativeId: names.nativeId,
    providerId: names.providerId,
    name: names.name,
    service: slot.service,
    environment: slot.environment,
    size:
      (slot.anomaly?.managed === 'fargate' ? SIZES.aws[2] : slot.node?.pool.size) ??
      sizeFor(cloud, slot.service.kind, mix(...shared, 63, resized?.epoch ?? 0)),
    os: slot.node ? NODE_SYSTEMS[cloud] : pick(mix(...shared, 64), SYSTEMS[cloud]),
    state: life.state,
    stateSince: life.since,
    createdAt: life.createdAt,
    startedAt: life.startedAt,
    spot: slot.spot,
    isolation: weighted(mix(...shared, 65), [
      [0.015, 'dedicated' as const],
      [0.02, 'confidential' as const],
      [0.965, null],
    ]),
    group: names.group,
    node: slot.node ? { ...slot.node, name: names.nodeName } : null,
    privateAddress: address,
    publicAddress: open && !slot.node && life.state === 'running' ? publicAddress(slot, life.generation) : null,
    ipv6: chance(mix(...shared, 66), 0.15) ? ipv6Address(slot, life.generation) : null,
    mac: macAddress(cloud, slot, life.generation, address),
    hostname: cloud === 'aws' || slot.node ? names.nodeName : names.name,
    systemUuid: names.systemUuid,
    tags: cloud === 'gcp' ? asLabels(tags) : tags,
    secret: secretOf(names.nativeId),
  };
}
