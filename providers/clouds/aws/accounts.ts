import { type Call, type Environment, ProviderError, UnseenAccounts } from '#providers/contract.ts';
import { each } from '#providers/kit/each.ts';
import { retry } from '#providers/kit/retry.ts';
import { named } from '#providers/kit/wire/named.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import type { AwsAccess } from './access.ts';
import { type Identity, identify } from './identity.ts';
import type { AwsAccessOptions } from './options.ts';

/** Accounts that are looked into at a time. */
const AT_ONCE = 8;
/** The organisation's list is 20 accounts a call at a few calls a second: it is not asked for with every discovery. */
const KEPT_MS = 60 * 60_000;

/** An account that can be read, and its regions. */
export interface FoundAccount extends Identity {
  regions: readonly string[];
}

export interface Accounts {
  /** Whose credential serves an account, proven once. @throws ProviderError `config` if it is another's */
  identity(account: string, call: Call): Promise<Identity>;
  /** Ids of all accounts of the source; null stands for the credential's own. @throws ProviderError if the list cannot be read */
  ids(call: Call): Promise<readonly (string | null)[]>;
  /** Tries an account again that could not be looked into; yields nothing. @throws ProviderError why it still cannot */
  look(account: string, call: Call): AsyncGenerator<never>;
  /** Forgets what was proven of an account and its credential. */
  renew(account: string): void;
  /**
   * Every account as soon as it has been looked into. One that fails keeps nobody from the others.
   * @throws UnseenAccounts at the end; ProviderError at once where the list of accounts itself cannot be read
   */
  discover(call: Call): AsyncGenerator<FoundAccount>;
}

/** The accounts of a source: those it names, all of its organisation, or the credential's own. */
export function openAccounts(access: AwsAccess, options: AwsAccessOptions, env: Environment): Accounts {
  const identities = new Map<string, Identity>();
  let listed: { ids: string[]; until: number } | null = null;

  async function identity(account: string | null, call: Call): Promise<Identity> {
    const known = account === null ? undefined : identities.get(account);
    if (known) return known;
    const found = await identify(access, account, env, call);
    identities.set(found.account, found);
    return found;
  }

  async function organization(call: Call): Promise<string[]> {
    const now = env.clock.monotonic();
    if (listed && now < listed.until) return listed.ids;
    const own = await identity(null, call);
    access.own(own.account);
    const left = new Set(options.organization?.exclude);
    const ids: string[] = [];
    const read = pages(env.source, 'organizations:ListAccounts', call.signal, async (token) => {
      const page = await retry(env, call, () => access.accounts(token, call));
      if (!page.Accounts) throw unexpected(env.source, 'a list of accounts', page);
      return { items: page.Accounts, count: page.Accounts.length, next: page.NextToken };
    });
    // `Status` is the older name of the two; what is suspended or being closed lists nothing any more.
    for await (const accounts of read)
      for (const { Id, State, Status } of accounts)
        if (Id && (State ?? Status) === 'ACTIVE' && !left.has(Id)) ids.push(Id);
    listed = { ids, until: now + KEPT_MS };
    return ids;
  }

  async function look(account: string | null, call: Call): Promise<FoundAccount | [string, ProviderError]> {
    try {
      if (account !== null) identities.delete(account);
      const found = await identity(account, call);
      return { ...found, regions: options.regions ?? (await enabledRegions(access, found.account, env, call)) };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // A credential of another account than meant is no account's own trouble: nothing of this source may be trusted.
      if (error.kind === 'config' || account === null) throw error;
      return [account, error];
    }
  }

  async function ids(call: Call): Promise<readonly (string | null)[]> {
    const named = options.accounts.map(({ id }) => id);
    return options.organization ? organization(call) : named.length > 0 ? named : [null];
  }

  return {
    identity,
    ids,
    // biome-ignore lint/correctness/useYield: what it finds, the next discovery tells
    async *look(account, call) {
      identities.delete(account);
      await identity(account, call);
      if (!options.regions) await enabledRegions(access, account, env, call);
    },
    renew(account) {
      access.renew(account);
      identities.delete(account);
    },
    async *discover(call) {
      const failed = new Map<string, ProviderError>();
      for await (const found of each(await ids(call), AT_ONCE, (id) => look(id, call)))
        if (Array.isArray(found)) failed.set(found[0], found[1]);
        else yield found;
      if (failed.size > 0) throw new UnseenAccounts(env.source, failed);
    },
  };
}

async function enabledRegions(access: AwsAccess, account: string, env: Environment, call: Call): Promise<string[]> {
  return named('ec2:DescribeRegions', async () => {
    const answer = await retry(env, call, () => access.regions(account, call));
    const names = answer.Regions?.flatMap((region) => (region.RegionName ? [region.RegionName] : []));
    if (!names || names.length === 0) throw unexpected(account, 'a list of regions', answer);
    return names.sort();
  });
}
