import type { Batch, DetailField, Resource, Scope } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError, withDetailErrors } from '#providers/kit/details/detail-failure.ts';
import type { Detail, DetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { each } from '#providers/kit/each.ts';
import { retry } from '#providers/kit/retry.ts';
import { mapRows, UnreadableRow } from '#providers/kit/rows.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { Settings, VirtualBoxClient } from '../client/client.ts';
import { LIMITED, LOCKED, NOT_FOUND, UNKNOWN_VM, UNREADABLE_VM, VBoxError } from '../client/errors.ts';
import { type Described, OF_GUEST, OF_SETTINGS, toResource } from '../map/map-vm.ts';
import {
  type HostInfo,
  isAlive,
  type Listed,
  parseHostInfo,
  parseList,
  parseMachine,
  withoutWarnings,
} from '../map/output.ts';
import { isAtRest, isOnline } from '../map/state.ts';
import { ACTIONS } from '../policy.ts';
import type { Addresses } from './addresses.ts';

export interface Reading {
  client: VirtualBoxClient;
  env: Environment;
  scope: Scope;
  addresses: Addresses;
  running: Detail<ReadonlySet<string>>;
}

/** VBoxManage that run at once: VBoxSVC, which answers them, is one process. */
const AT_ONCE = 4;

/**
 * Which VMs there are. An empty list is proved by the properties of VirtualBox, which it always has: a VBoxManage that prints nothing at all
 * is none that works.
 */
export async function enumerate({ client, env }: Reading, call: Call): Promise<Listed[]> {
  const listed = await lines(client, env, ACTIONS.vms, call);
  if (listed.length > 0) return listed;
  const text = await retry(env, call, () => client.ask(ACTIONS.properties, null, call));
  if (!isAlive(text))
    throw unexpected(client.account, 'a line "API version: ..."', withoutWarnings(text)).of(ACTIONS.properties);
  return [];
}

export async function hostInfo(client: VirtualBoxClient, env: Environment, call: Call): Promise<HostInfo> {
  const text = await retry(env, call, () => client.ask(ACTIONS.host, null, call));
  const info = parseHostInfo(text);
  if (info) return info;
  const expected = 'a line "Memory size: ... MByte", in English';
  throw unexpected(client.account, expected, withoutWarnings(text)).of(ACTIONS.host);
}

/** UUIDs of those whose guest is in memory: it tells sooner what is seen in its turn anyhow, so that it holds up nothing. */
export const runningOf = (
  client: VirtualBoxClient,
  calls: DetailCalls,
  env: Environment,
): Detail<ReadonlySet<string>> =>
  calls.of(
    { call: ACTIONS.running, account: client.account, fields: [], ttlMs: 0 },
    async (call) => new Set((await lines(client, env, ACTIONS.running, call)).map(({ uuid }) => uuid)),
  );

async function lines(
  client: VirtualBoxClient,
  env: Environment,
  action: 'VBoxManage list vms' | 'VBoxManage list runningvms',
  call: Call,
) {
  const text = await retry(env, call, () => client.ask(action, null, call));
  const listed = parseList(text);
  if (!listed) throw unexpected(client.account, 'a line "name" {UUID} of each VM', withoutWarnings(text)).of(action);
  return listed;
}

/** What one VM is; null where VirtualBox says that there is none. */
type Look = Described | Broken | null;
/** What was answered is not understood. */
interface Broken {
  uuid: string;
  broken: UnreadableRow;
}

async function lookAt({ client, env, addresses }: Reading, uuid: string, call: Call): Promise<Look> {
  let text: string;
  try {
    text = await retry(env, call, () => client.ask(ACTIONS.describe, uuid, call));
  } catch (error) {
    if (!(error instanceof VBoxError)) throw error;
    // The whole sentence: a name in another error must not look like it.
    if (error.code === NOT_FOUND && error.shortMessage.startsWith(`${UNKNOWN_VM}{${uuid}}`)) return null;
    if (error.code === LIMITED && error.shortMessage.startsWith(UNREADABLE_VM))
      return { uuid, machine: null, addresses: null };
    if (error.code === LOCKED) return { uuid, broken: new UnreadableRow('showvminfo', 'a VM that is not locked') };
    throw error;
  }
  const machine = parseMachine(text);
  if (!machine) return { uuid, broken: new UnreadableRow('showvminfo', 'an end of each text') };
  // Before 7.0 it says so much of one that it cannot read.
  if (machine.get('name') === '<inaccessible>' && !machine.has('VMState') && machine.get('UUID') === uuid)
    return { uuid, machine: null, addresses: null };
  const online = isOnline(machine.get('VMState') ?? null);
  return { uuid, machine, addresses: online ? await addresses.of(uuid, call) : null };
}

/** As long as its settings have this stamp, all is as it was said. */
export interface Proof {
  settings: Settings;
  stamp: string;
}

/** What looking at a VM came to. */
export interface Seen {
  uuid: string;
  /** Its row, unless it is gone. */
  batch: Batch;
  /** Unknown to VirtualBox. */
  gone: boolean;
  /** Of a VM at rest; null where its settings may have changed since, or are not to be seen. */
  proof: Proof | null;
}

/** Looks at VMs, a few at once, and maps them. */
export async function* look(reading: Reading, uuids: Iterable<string>, call: Call): AsyncGenerator<Seen> {
  const lookOnce = async (uuid: string) => {
    const began = reading.env.clock.now();
    const one = await lookAt(reading, uuid, call);
    return { uuid, one, proof: await proofOf(reading.client, one, began) };
  };
  for await (const { uuid, one, proof } of each(uuids, AT_ONCE, lookOnce)) {
    call.signal.throwIfAborted();
    const batch = one === null ? { resources: [], unreadable: [] } : rowOf(reading, one);
    yield { uuid, batch, gone: one === null, proof };
  }
}

/** Clocks of file systems are coarse: what was written so shortly before a look may have been written after it. */
const COARSE_MS = 2000;

async function proofOf(client: VirtualBoxClient, one: Look, began: number): Promise<Proof | null> {
  if (one === null || 'broken' in one || !one.machine || !isAtRest(one.machine.get('VMState') ?? null)) return null;
  const settings = { uuid: one.uuid, file: one.machine.get('CfgFile') ?? '' };
  const stamp = await client.stamp(settings);
  return stamp !== null && stamp.writtenAt < began - COARSE_MS ? { settings, stamp: stamp.text } : null;
}

function rowOf({ client, env, scope, addresses }: Reading, one: Described | Broken): Batch {
  const { user, hostname } = client;
  const batch = mapRows(
    [one],
    ({ uuid }) => uuid,
    (said): Resource => {
      if ('broken' in said) throw said.broken;
      return toResource(said, { scope, user, hostname });
    },
    (row, said) => unknownOf(row, said),
  );
  if (!batch.unknown) return batch;
  const since = new Date(env.clock.now()).toISOString();
  if ('machine' in one && one.machine === null) {
    const error = new ProviderError('bad-reply', scope.label, 'holds VMs whose settings VirtualBox cannot read');
    return { ...batch, ...withDetailErrors(detailError(ACTIONS.describe, OF_SETTINGS, error, since)) };
  }
  return { ...batch, ...withDetailErrors(addresses.error) };
}

function unknownOf(_: Resource, said: Described | Broken): readonly DetailField[] {
  if ('broken' in said) return [];
  if (said.machine === null) return OF_SETTINGS;
  return isOnline(said.machine.get('VMState') ?? null) && said.addresses === null ? OF_GUEST : [];
}
