import os from 'node:os';
import path from 'node:path';
import type { DetailError, DetailField } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError } from '#providers/kit/details/detail-failure.ts';
import { each } from '#providers/kit/each.ts';
import { retry } from '#providers/kit/retry.ts';
import { listRunning } from '../client/client-vmrun.ts';
import { readDictionary } from '../client/files.ts';
import { machineOf } from '../client/own.ts';
import { type Entry, entriesIn } from '../map/inventory.ts';
import { nameIn } from '../map/map.ts';
import type { Vm } from '../map/vm.ts';
import { type FromVmx, fromVmx } from '../map/vmx.ts';
import { READ_VMX, VMRUN_LIST } from '../policy.ts';
import type { Look, Way } from './way.ts';

export interface VmrunOptions {
  /** Default: the one on the PATH. */
  vmrun: string | undefined;
  /** Default: where Workstation or Fusion keeps it for the user that the collector runs as. */
  inventory: string | undefined;
  timeoutMs: number;
}

/** Files that are read at once. */
const CONCURRENCY = 8;
const READ_LIBRARY = 'read the library';
/** What only the .vmx tells. */
const OF_VMX: readonly DetailField[] = ['name', 'vcpus', 'memory', 'identities', 'os', 'tags'];

/** A .vmx that was read, or why not. */
interface Read {
  entry: Entry;
  running: boolean;
  vmx: FromVmx | null;
}

/** The VMs of the user that the collector runs as: those of the library and those that run, each by its .vmx. */
export function vmrunWay({ vmrun = 'vmrun', inventory, timeoutMs }: VmrunOptions, env: Environment): Way {
  const machine = machineOf(null, undefined, env);
  const place = machine.host;
  const library = inventory ?? defaultLibrary();
  /** Since when a .vmx could not be read, by path: the whole of it, or a part. */
  const failing = new Map<string, string>();

  async function entries(call: Call): Promise<{ running: ReadonlySet<string>; all: Entry[] }> {
    const listed = await retry(env, call, () => listRunning(vmrun, timeoutMs, place, call));
    let known: Entry[];
    try {
      known = entriesIn(await readDictionary(library, path.basename(library), place, call));
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const hint = error.kind === 'config' ? ': name it as inventory, or open a VM in Workstation once' : '';
      throw new ProviderError(error.kind, place, `${error.shortMessage}${hint}`, { cause: error }).of(READ_LIBRARY);
    }
    const running = new Set(listed.map(folded));
    const all = new Map(known.map((entry) => [folded(entry.path), entry]));
    // One that was started by a program need not stand in anybody's library.
    for (const found of listed) if (!all.has(folded(found))) all.set(folded(found), { path: found, name: null });
    return { running, all: [...all.values()] };
  }

  async function read(entry: Entry, running: boolean, call: Call): Promise<Read & { error: ProviderError | null }> {
    const name = path.basename(entry.path);
    try {
      const vmx = fromVmx(await readDictionary(entry.path, name, place, call));
      const error = vmx.encrypted
        ? new ProviderError('permission', place, `${name} is encrypted, and says what it says without its password`)
        : null;
      return { entry, running, vmx, error };
    } catch (error) {
      call.signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      return { entry, running, vmx: null, error };
    }
  }

  async function all(call: Call): Promise<{ found: Read[]; error: DetailError | null }> {
    const seen = await entries(call);
    const found = new Map<Entry, Read>();
    const errors = new Map<string, ProviderError>();
    for await (const { error, ...one } of each(seen.all, CONCURRENCY, (entry) =>
      read(entry, seen.running.has(folded(entry.path)), call),
    )) {
      found.set(one.entry, one);
      if (error) errors.set(one.entry.path, error);
    }
    for (const file of failing.keys()) if (!errors.has(file)) failing.delete(file);
    const now = new Date(env.clock.now()).toISOString();
    for (const file of errors.keys()) if (!failing.has(file)) failing.set(file, now);
    // In the order of the library, so that it is the same one each time.
    const first = seen.all.map((entry) => errors.get(entry.path)).find((error) => error !== undefined);
    const since = [...failing.values()].sort()[0] ?? now;
    return {
      found: seen.all.flatMap((entry) => found.get(entry) ?? []),
      error: first ? detailError(READ_VMX, OF_VMX, some(first, errors.size, place), since) : null,
    };
  }

  return {
    place,
    host: machine.host,
    async greet(call) {
      await retry(env, call, () => listRunning(vmrun, timeoutMs, place, call));
      return { own: machine.own(), networks: null };
    },
    async look(call): Promise<Look> {
      const { found, error } = await all(call);
      return { vms: found.map(vmOf), errors: [error] };
    },
    async states(call) {
      const { found } = await all(call);
      return new Map(found.map((one) => [one.entry.path, powerOf(one)]));
    },
    forget: () => undefined,
    checks: [
      [VMRUN_LIST, (call) => listRunning(vmrun, timeoutMs, place, call)],
      [READ_LIBRARY, (call) => readDictionary(library, path.basename(library), place, call)],
    ],
    renew: () => undefined,
    close: async () => undefined,
  };
}

/** Windows and macOS do not tell paths apart by case, and programs do not write them alike. */
const folded = (file: string): string =>
  process.platform === 'linux' ? path.normalize(file) : path.normalize(file).toLowerCase();

function some(first: ProviderError, count: number, place: string): ProviderError {
  if (count === 1) return first;
  return new ProviderError(first.kind, place, `${first.shortMessage}; so it is with ${count - 1} more`);
}

/**
 * vmrun lists what runs and what is paused alike. Of the others the .vmx says whether it was suspended; where it cannot be read, or keeps
 * that to itself, nobody does.
 */
function powerOf({ running, vmx }: Read): string | null {
  if (running) return 'poweredOn';
  if (vmx === null) return null;
  if (vmx.suspended) return 'suspended';
  return vmx.encrypted ? null : 'poweredOff';
}

function vmOf(read: Read): Vm {
  const { entry, vmx } = read;
  const power = powerOf(read);
  const open: DetailField[] = power === null ? ['state'] : [];
  if (vmx === null) open.push(...OF_VMX);
  else if (vmx.encrypted) open.push(...missingIn(vmx));
  return {
    path: entry.path,
    id: null,
    name: vmx?.name ?? entry.name ?? nameIn(entry.path),
    power,
    cpus: vmx?.cpus ?? null,
    memory: vmx?.memory ?? null,
    guestOs: vmx?.guestOs ?? null,
    uuidBios: vmx?.uuidBios ?? null,
    notes: vmx?.notes ?? null,
    nics: vmx?.nics ?? [],
    // The tools would tell them to vmrun, a VM at a time and in seconds.
    addresses: null,
    unknown: open,
  };
}

function missingIn({ name, cpus, memory, uuidBios, nics, guestOs, notes }: FromVmx): DetailField[] {
  const open: DetailField[] = [];
  if (name === null) open.push('name');
  if (cpus === null) open.push('vcpus');
  if (memory === null) open.push('memory');
  if (uuidBios === null || nics.length === 0) open.push('identities');
  if (guestOs === null) open.push('os');
  if (notes === null) open.push('tags');
  return open;
}

/** Where each of them keeps the library of the user that runs it. */
function defaultLibrary(): string {
  const home = os.homedir();
  switch (process.platform) {
    case 'win32':
      return path.join(home, 'AppData', 'Roaming', 'VMware', 'inventory.vmls');
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'VMware Fusion', 'vmInventory');
    default:
      return path.join(home, '.vmware', 'inventory.vmls');
  }
}
