import { named } from '#providers/kit/wire/named.ts';
import { type Call, type Permission, ProviderError } from '../contract.ts';
import { asRecord } from '../kit/read.ts';
import type { OpenStackClient } from './client.ts';
import type { Project } from './keystone.ts';
import { CALLS, type Part, rowsOf } from './page.ts';
import { RULES, type Rule } from './policy.ts';

const HYPERVISOR = 'OS-EXT-SRV-ATTR:hypervisor_hostname';

/**
 * What the source's own project may see of the whole cloud, under the account `*`, and what each project may see of itself. One row
 * is asked for each time.
 */
export async function* probe(
  client: Pick<OpenStackClient, 'servers' | 'hypervisors'>,
  region: string,
  projects: readonly Project[],
  call: Call,
): AsyncGenerator<Permission> {
  const attempt = async (
    action: Rule,
    account: string,
    part: Part,
    ask: () => Promise<unknown>,
  ): Promise<{ seen: Permission; rows: readonly unknown[] }> => {
    try {
      const rows = await named(CALLS[part], async () => rowsOf(await ask(), part, account));
      return { seen: { action, account, region, state: 'allowed', message: null }, rows };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      const state = error.kind === 'permission' ? 'denied' : 'unknown';
      return { seen: { action, account, region, state, message: error.message }, rows: [] };
    }
  };
  const home = { region, project: null };
  const all = await attempt(RULES.allProjects, '*', 'servers', () => client.servers(home, undefined, call, 1));
  yield all.seen;
  yield (await attempt(RULES.hypervisors, '*', 'hypervisors', () => client.hypervisors(home, undefined, call, 1))).seen;
  const rows = [...all.rows];
  for (const { id } of projects) {
    const ask = () => client.servers({ region, project: id }, undefined, call, 1);
    const own = await attempt(RULES.servers, id, 'servers', ask);
    rows.push(...own.rows);
    yield own.seen;
  }
  yield hostNames(rows, region);
}

/** No call of its own: the rows hold the names of their hosts or they do not. */
function hostNames(rows: readonly unknown[], region: string): Permission {
  const whole = rows.map(asRecord).filter((row) => row && 'name' in row);
  const about = { action: RULES.hosts, account: '*', region };
  if (whole.some((row) => row && HYPERVISOR in row)) return { ...about, state: 'allowed', message: null };
  return whole.length > 0
    ? { ...about, state: 'denied', message: 'servers do not say which hypervisor they run on' }
    : { ...about, state: 'unknown', message: 'no server there to tell' };
}
