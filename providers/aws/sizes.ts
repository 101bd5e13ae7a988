import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { DetailError, DetailField, JsonValue } from '#lib/model/index.ts';
import type { Detail, DetailCalls } from '#providers/kit/details/stale-if-error.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { Call, Environment } from '../contract.ts';
import { asAmount, asArray, asRecord } from '../kit/read.ts';
import { retry } from '../kit/retry.ts';
import type { AwsClient, Place } from './calls.ts';

/** What an instance type brings. */
export interface Size {
  vcpus: number | null;
  /** MiB. */
  memory: number | null;
  bareMetal: boolean;
}

export interface Sizes {
  /**
   * Asks for the types that are not known yet, wherever they were met first: a type is the same in every region.
   * @returns why some of them are not known, or not of now
   */
  learn(types: readonly (string | undefined)[], place: Place, call: Call): Promise<DetailError | null>;
  size(type: string): Size | null;
  /** False for a type that EC2 could not be asked about; true also for one that it does not know. */
  asked(type: string): boolean;
}

/** What only the types know of an instance. */
export const OF_TYPE: readonly DetailField[] = ['vcpus', 'memory', 'isolation'];

const DAY_MS = 24 * 60 * 60_000;
/** Values of one filter, at most. */
const MAX_VALUES = 200;

type Table = Map<string, Size | null>;

/** CPU and memory of instance types, each asked for once a day; all that is known outlives the process. */
export function openSizes(
  client: AwsClient,
  env: Environment,
  calls: DetailCalls,
  renew: (account: string) => void,
): Sizes {
  const known: Table = new Map();
  const until = new Map<string, number>();
  const regions = new Map<string, { wanted: Set<string>; detail: Detail<Table> }>();

  async function ask(types: string[], place: Place, call: Call, heartbeat: () => void): Promise<void> {
    const label = `${place.account} ${place.region}`;
    // A filter passes over types that are not offered any more; `InstanceTypes` would be refused for them.
    const Filters = [{ Name: 'instance-type', Values: types }];
    const found = new Map<string, Size>();
    const read = pages(label, 'ec2:DescribeInstanceTypes', call.signal, async (NextToken) => {
      const input = { Filters, MaxResults: 100, ...(NextToken ? { NextToken } : {}) };
      const page = await retry(env, call, () => client.instanceTypes(place, input, call));
      if (!page.InstanceTypes) throw unexpected(label, 'a list of instance types', page);
      heartbeat();
      return { items: page.InstanceTypes, count: page.InstanceTypes.length, next: page.NextToken };
    });
    for await (const infos of read)
      for (const info of infos) if (info.InstanceType) found.set(info.InstanceType, sizeOf(info));
    for (const type of types) {
      known.set(type, found.get(type) ?? null);
      until.set(type, env.clock.monotonic() + DAY_MS);
    }
  }

  function regionOf(place: Place): { wanted: Set<string>; detail: Detail<Table> } {
    const key = `${place.account} ${place.region}`;
    const region = regions.get(key);
    if (region) return region;
    const wanted = new Set<string>();
    const detail = calls.of<Table>(
      {
        call: 'ec2:DescribeInstanceTypes',
        account: place.account,
        fields: OF_TYPE,
        ttlMs: 0,
        renew: () => renew(place.account),
        keep: { key: 'ec2:DescribeInstanceTypes', encode, decode },
      },
      async (call, heartbeat) => {
        const types = [...wanted];
        for (let i = 0; i < types.length; i += MAX_VALUES)
          await ask(types.slice(i, i + MAX_VALUES), place, call, heartbeat);
        for (const type of types) wanted.delete(type);
        return known;
      },
    );
    regions.set(key, { wanted, detail });
    return { wanted, detail };
  }

  const isOld = (type: string) => (until.get(type) ?? 0) <= env.clock.monotonic();

  return {
    async learn(types, place, call) {
      const { wanted, detail } = regionOf(place);
      const missing = [...new Set(types)].filter((type) => type !== undefined).filter(isOld);
      // Twice: the first may be the call of another listing, which did not ask for these.
      for (let n = 0; n < 2 && missing.some(isOld); n++) {
        for (const type of missing) if (isOld(type)) wanted.add(type);
        const { value, error } = await detail.ask(call);
        // What is kept from an earlier process is old, and better than nothing.
        if (value && value !== known) for (const [type, size] of value) if (!known.has(type)) known.set(type, size);
        if (error) return error;
      }
      return null;
    },
    size: (type) => known.get(type) ?? null,
    asked: (type) => known.has(type),
  };
}

const sizeOf = (info: InstanceTypeInfo): Size => ({
  vcpus: info.VCpuInfo?.DefaultVCpus ?? null,
  memory: info.MemoryInfo?.SizeInMiB ?? null,
  bareMetal: info.BareMetal ?? false,
});

/** `{ "m5.large": [2, 8192, false] }` */
const encode = (table: Table): JsonValue =>
  Object.fromEntries(
    [...table].flatMap(([type, size]) => (size ? [[type, [size.vcpus, size.memory, size.bareMetal]]] : [])),
  );

const decode = (kept: JsonValue): Table =>
  new Map(
    Object.entries(asRecord(kept) ?? {}).map(([type, stored]) => {
      const [vcpus, memory, bareMetal] = asArray(stored);
      return [type, { vcpus: asAmount(vcpus), memory: asAmount(memory), bareMetal: bareMetal === true }];
    }),
  );
