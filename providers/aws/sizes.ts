import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import { pages } from '../kit/pages.ts';
import { retry } from '../kit/retry.ts';
import { unexpected } from '../kit/unexpected.ts';
import type { AwsClient, Place } from './calls.ts';

/** What an instance type brings. */
export interface Size {
  vcpus: number | null;
  /** MiB. */
  memory: number | null;
  bareMetal: boolean;
}

export interface Sizes {
  /** Asks for the types that are not known yet, wherever they were met first: a type is the same in every region. */
  learn(types: readonly (string | undefined)[], place: Place, call: Call): Promise<void>;
  size(type: string): Size | null;
  /** False for a type that EC2 could not be asked about; true also for one that it does not know. */
  asked(type: string): boolean;
}

const DAY_MS = 24 * 60 * 60_000;
const DENIED_MS = 15 * 60_000;
/** Values of one filter, at most. */
const MAX_VALUES = 200;

/**
 * CPU and memory of instance types, each asked for once a day. They must neither cost a listing its rows nor turn known values into
 * nothing: when a newer answer is refused the old one serves on; a refusal of the first is "unknown", a passing failure is thrown.
 */
export function openSizes(client: AwsClient, env: Environment): Sizes {
  const known = new Map<string, { size: Size | null; until: number }>();
  const denied = new Map<string, number>();

  async function ask(types: string[], place: Place, call: Call): Promise<void> {
    const until = env.clock.monotonic() + DAY_MS;
    const label = `${place.account} ${place.region}`;
    // A filter passes over types that are not offered any more; `InstanceTypes` would be refused for them.
    const Filters = [{ Name: 'instance-type', Values: types }];
    const found = new Map<string, Size>();
    const read = pages(label, 'ec2:DescribeInstanceTypes', call.signal, async (NextToken) => {
      const input = { Filters, MaxResults: 100, ...(NextToken ? { NextToken } : {}) };
      const page = await retry(env, call, () => client.instanceTypes(place, input, call));
      if (!page.InstanceTypes) throw unexpected(label, 'a list of instance types', page);
      return { items: page.InstanceTypes, count: page.InstanceTypes.length, next: page.NextToken };
    });
    for await (const infos of read)
      for (const info of infos) if (info.InstanceType) found.set(info.InstanceType, sizeOf(info));
    for (const type of types) known.set(type, { size: found.get(type) ?? null, until });
  }

  return {
    async learn(types, place, call) {
      const now = env.clock.monotonic();
      if ((denied.get(place.account) ?? 0) > now) return;
      const missing = [...new Set(types)].filter((t) => t !== undefined && (known.get(t)?.until ?? 0) <= now);
      const wanted = missing.filter((type) => type !== undefined);
      try {
        for (let i = 0; i < wanted.length; i += MAX_VALUES) await ask(wanted.slice(i, i + MAX_VALUES), place, call);
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error;
        const { account } = place;
        env.log.warn('detail.unavailable', { action: 'ec2:DescribeInstanceTypes', account, kind: error.kind });
        if (error.kind === 'permission' || error.kind === 'unsupported') denied.set(account, now + DENIED_MS);
        else if (wanted.some((type) => !known.has(type))) throw error;
      }
    },
    size: (type) => known.get(type)?.size ?? null,
    asked: (type) => known.has(type),
  };
}

const sizeOf = (info: InstanceTypeInfo): Size => ({
  vcpus: info.VCpuInfo?.DefaultVCpus ?? null,
  memory: info.MemoryInfo?.SizeInMiB ?? null,
  bareMetal: info.BareMetal ?? false,
});
