import type { DetailError, DetailField } from '#lib/model/index.ts';
import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { detailError } from '#providers/kit/details/detail-failure.ts';
import { createDetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { each } from '#providers/kit/each.ts';
import { asAmount, asNumber, asRecord, asString } from '#providers/kit/read.ts';
import { redact } from '#providers/kit/redact.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { VmrestClient } from '../client/client.ts';
import { RefusedByVmrest } from '../client/refused.ts';
import type { Nic, Vm } from '../map/vm.ts';
import { ACTIONS, VMRUN_LIST } from '../policy.ts';
import { CONCURRENCY, createVmCall, type VmCall } from './vm-call.ts';
import type { Look, Way } from './way.ts';

/** What people change while a VM is off is seen with its next start, and by then. */
const SETTINGS_MS = 300_000;
const ADDRESSES_MS = 60_000;

/** Keys of the .vmx that are asked for. */
const PARAMS = ['displayName', 'uuid.bios', 'guestOS', 'annotation'] as const;
type Params = Readonly<Record<(typeof PARAMS)[number], string | null>>;

/** Words of `VMPowerState` by id, and why some have none. */
interface Powers {
  words: ReadonlyMap<string, string>;
  error: DetailError | null;
}

interface Row {
  path: string | null;
  id: string | null;
}

/** No VM has it: a service that may be asked says so. */
const NOBODY = '0'.repeat(32);

/** The VMs by their REST service: its list, and five calls for each. */
export function vmrestWay(client: VmrestClient, env: Environment): Way {
  const { place } = client;
  const calls = createDetailCalls(env);
  const perVm = <T>(
    action: string,
    told: readonly DetailField[],
    ttlMs: number,
    load: (id: string, call: Call) => Promise<T>,
  ): VmCall<T> => createVmCall({ action, fields: told, ttlMs, place, load }, calls, env);

  const settings = perVm(ACTIONS.settings, ['vcpus', 'memory'], SETTINGS_MS, async (id, call) => {
    const answer = await client.settings(id, call);
    const said = asRecord(answer);
    if (asRecord(said?.cpu) === null) throw unexpected(place, 'cpu and memory', answer);
    return { cpus: asAmount(asRecord(said?.cpu)?.processors), memory: asNumber(said?.memory) };
  });
  const addresses = perVm(ACTIONS.addresses, ['addresses', 'mappedAddresses'], ADDRESSES_MS, async (id, call) => {
    try {
      return listIn(await client.addresses(id, call), place).flatMap(addressesOf);
    } catch (error) {
      if (error instanceof RefusedByVmrest && error.hasNone) return null;
      throw error;
    }
  });
  // Two calls and one answer: what a machine is known by is told whole or not at all.
  const texts = perVm(ACTIONS.param, ['name', 'identities', 'os', 'tags'], SETTINGS_MS, async (id, call) => {
    const nics = await named(ACTIONS.nics, async () => listIn(await client.nics(id, call), place).map(nicOf));
    const found: Record<string, string | null> = {};
    for (const name of PARAMS) found[name] = await paramOf(client, id, name, call);
    return { nics, ...(found as Params) };
  });
  const all = [settings, addresses, texts] as const;

  /** Since when some VM has been refused. */
  let since: string | null = null;

  async function rows(call: Call): Promise<Row[]> {
    const answer = await retry(env, call, () => client.vms(call));
    call.signal.throwIfAborted();
    if (!Array.isArray(answer)) throw unexpected(place, 'a list of VMs', answer).of(ACTIONS.list);
    if (answer.length === 0 && client.running) {
      const running = await client.running(call);
      if (running.length > 0)
        throw new ProviderError(
          'bad-reply',
          place,
          `expected the ${running.length} VMs that run by vmrun, got an empty list: vmrest shows the library of the user that started it`,
        ).of(ACTIONS.list);
    }
    return answer.map((row) => ({ path: asString(asRecord(row)?.path), id: asString(asRecord(row)?.id) }));
  }

  /** The word of a VM, or why it alone is refused: that is not tried again. */
  async function power(id: string, call: Call): Promise<string | RefusedByVmrest> {
    const answer = await retry(env, call, () =>
      client.power(id, call).catch((error: unknown) => {
        if (error instanceof RefusedByVmrest && error.ofOneVm) return error;
        throw error;
      }),
    );
    if (answer instanceof RefusedByVmrest) return answer;
    const word = asString(asRecord(answer)?.power_state);
    if (word === null) throw unexpected(place, 'a power_state', answer).of(ACTIONS.power);
    return word;
  }

  /**
   * The words of these VMs, by id: part of the listing, since without them nothing is known. A VM that is refused alone has none; where all
   * are refused, it is no VM's fault.
   */
  async function powers(ids: readonly string[], call: Call): Promise<Powers> {
    const words = new Map<string, string>();
    const refused: RefusedByVmrest[] = [];
    const asked = each(ids, CONCURRENCY, async (id) => ({ id, answer: await power(id, call) }));
    for await (const { id, answer } of asked) {
      if (answer instanceof RefusedByVmrest) refused.push(answer);
      else words.set(id, answer);
    }
    call.signal.throwIfAborted();
    const [first] = refused;
    if (first === undefined) {
      since = null;
      return { words, error: null };
    }
    if (words.size === 0 && !first.ofItsFile && (ids.length > 1 || first.status === 403)) throw first;
    since ??= new Date(env.clock.now()).toISOString();
    return { words, error: detailError(ACTIONS.power, ['state'], first, since) };
  }

  const idsOf = (found: readonly Row[]): string[] => found.flatMap(({ id, path }) => (id && path ? [id] : []));
  let idByPath: ReadonlyMap<string, string> = new Map();

  return {
    place,
    host: client.host,
    async greet(call) {
      const answer = await retry(env, call, () => client.networks(call));
      const said = asRecord(answer);
      if (said === null) throw unexpected(place, 'its networks', answer).of(ACTIONS.networks);
      return { own: client.own(), networks: redact(said.vmnets) };
    },
    async look(call): Promise<Look> {
      const found = await rows(call);
      const ids = idsOf(found);
      idByPath = new Map(found.flatMap(({ path, id }) => (path && id ? [[path, id]] : [])));
      for (const one of all) one.keep(new Set(ids));
      const { words, error } = await powers(ids, call);
      const sizes = await settings.of(ids, call);
      const described = await texts.of(ids, call);
      // Only a guest that runs has any; of one whose state is not known nobody can say.
      const on = ids.filter((id) => words.get(id) === 'poweredOn');
      const told = await addresses.of(on, call);
      const unknown = (id: string): DetailField[] => {
        const open: VmCall<unknown>[] = [];
        if (!words.has(id)) open.push(addresses);
        if (!sizes.has(id)) open.push(settings);
        if (!described.has(id)) open.push(texts);
        if (words.get(id) === 'poweredOn' && !told.has(id)) open.push(addresses);
        return [...new Set(open.flatMap(({ fields }) => fields))];
      };
      const vms = found.map(({ path, id }): Vm => {
        const key = id ?? '';
        const text = described.get(key);
        return {
          // Without its id nothing can be asked of it.
          path: id === null ? null : path,
          id,
          name: text?.displayName ?? null,
          power: words.get(key) ?? null,
          cpus: sizes.get(key)?.cpus ?? null,
          memory: sizes.get(key)?.memory ?? null,
          guestOs: text?.guestOS ?? null,
          uuidBios: text?.['uuid.bios'] ?? null,
          notes: text?.annotation ?? null,
          nics: text?.nics ?? [],
          addresses: told.get(key) ?? null,
          unknown: id === null ? [] : unknown(id),
        };
      });
      return { vms, errors: [error, ...all.map((one) => one.error())] };
    },
    async states(call) {
      const found = await rows(call);
      const { words } = await powers(idsOf(found), call);
      return new Map(found.flatMap(({ path, id }) => (path && id ? [[path, words.get(id) ?? null]] : [])));
    },
    forget(paths) {
      const ids = paths.flatMap((path) => idByPath.get(path) ?? []);
      for (const one of all) one.forget(ids);
    },
    checks: [
      [ACTIONS.networks, (call) => client.networks(call)],
      [ACTIONS.list, (call) => client.vms(call)],
      [ACTIONS.power, (call) => ofNobody(() => client.power(NOBODY, call))],
      [ACTIONS.settings, (call) => ofNobody(() => client.settings(NOBODY, call))],
      [ACTIONS.nics, (call) => ofNobody(() => client.nics(NOBODY, call))],
      [ACTIONS.addresses, (call) => ofNobody(() => client.addresses(NOBODY, call))],
      [ACTIONS.param, (call) => ofNobody(() => client.param(NOBODY, 'displayName', call))],
      ...(client.running ? [[VMRUN_LIST, client.running] as const] : []),
    ],
    renew: () => client.renew(),
    async close() {
      calls.close();
      await client.close();
    },
  };
}

/** VMware ignores the case of keys, this call does not, and tools that make VMs write them in lower case. */
async function paramOf(client: VmrestClient, id: string, name: string, call: Call): Promise<string | null> {
  for (const spelled of new Set([name, name.toLowerCase()])) {
    const answer = await client.param(id, spelled, call);
    const value = asRecord(answer)?.value;
    if (typeof value !== 'string') throw unexpected(client.place, `a value of ${name}`, answer);
    if (value !== '') return value;
  }
  return null;
}

/** @throws ProviderError `bad-reply` */
function listIn(answer: unknown, place: string): unknown[] {
  const { nics, num = 0 } = asRecord(answer) ?? {};
  // A VM without a card has a null list: the service is written in Go. That of the addresses says no number.
  if (nics === null && num === 0) return [];
  if (!Array.isArray(nics)) throw unexpected(place, 'a list of nics', answer);
  return nics;
}

const nicOf = (value: unknown): Nic => {
  const nic = asRecord(value);
  return { mac: asString(nic?.macAddress), type: asString(nic?.type), vmnet: asString(nic?.vmnet) };
};

const addressesOf = (value: unknown): string[] => {
  const said: unknown = asRecord(value)?.ip;
  return Array.isArray(said) ? said.filter((text) => typeof text === 'string') : [];
};

/** A VM that is not there is refused by whoever may ask: with 404, or as vmrest has it, 400 or 500 and a code. */
async function ofNobody(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!(error instanceof RefusedByVmrest) || ![400, 404, 409, 500].includes(error.status)) throw error;
  }
}
