import type { ConfiguredSource } from '#lib/config/sources.ts';
import { cleanText } from '#lib/log/index.ts';
import type { Scope } from '#lib/model/index.ts';
import { withDeadline } from '#lib/sync/deadline.ts';
import { guarded, orAbort } from '#lib/sync/guard.ts';
import { explain } from '#lib/sync/reason.ts';
import type { Clock, Connection, Environment, Permission } from '#providers/contract.ts';

const STAGE_MS = 60_000;
const SHOWN = 10;

/** What a check found of one source. */
export interface Finding {
  lines: string[];
  ok: boolean;
}

export interface CheckTools {
  clock: Clock;
  environment(source: string): Environment;
}

/**
 * Opens a source and says what it is, what it would list and which calls of its policy are refused. Lists no resources and
 * writes nothing. Never throws.
 */
export async function checkSource(source: ConfiguredSource, { clock, environment }: CheckTools): Promise<Finding> {
  const { provider } = source;
  const lines = [
    `${source.id}: ${provider.label}${source.mock ? ', demo fleet' : ''}, every ${inWords(source.interval)}`,
  ];
  for (const line of source.understood) lines.push(`  ${cleanText(line)}`);
  const never = new AbortController().signal;
  const staged = <T>(work: (signal: AbortSignal) => Promise<T>) => withDeadline(clock, STAGE_MS, never, work);
  let connection: Connection | null = null;
  let ok = true;
  try {
    const opened = await staged((signal) => orAbort(source.open(environment(source.id)), signal));
    connection = opened;
    const scopes = await staged((signal) => all<Scope>(() => opened.scopes({ signal }), signal));
    lines.push(`  finds ${scopes.length} scopes${scopes.length === 0 ? '' : `: ${names(scopes)}`}`);
    if (scopes.length === 0) ok = false;
    const permissions = await staged((signal) => all<Permission>(() => opened.permissions({ signal }), signal));
    for (const line of verdicts(permissions)) lines.push(`  ${line}`);
    const missing = [...new Set(permissions.filter(({ state }) => state === 'denied').map(({ action }) => action))];
    if (missing.length > 0) {
      lines.push(`  missing from the policy (see providers/${provider.id}/README.md):`);
      for (const action of missing) lines.push(`    ${cleanText(action)}`);
      ok = false;
    }
  } catch (error) {
    lines.push(`  cannot be read: ${explain(error, source.id).message}`);
    ok = false;
  }
  try {
    const closing = connection?.close() ?? Promise.resolve();
    await staged((signal) => orAbort(closing, signal));
  } catch (error) {
    lines.push(`  cannot be closed: ${explain(error, source.id).message}`);
  }
  return { lines, ok };
}

async function all<T>(start: () => AsyncIterable<T>, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  for await (const item of guarded(start, signal)) items.push(item);
  return items;
}

function names(scopes: readonly Scope[]): string {
  const labels = scopes.slice(0, SHOWN).map(({ label }) => cleanText(label));
  return `${labels.join(', ')}${scopes.length > SHOWN ? `, and ${scopes.length - SHOWN} more` : ''}`;
}

/** One line per call and outcome, with the accounts it holds for. */
function verdicts(permissions: readonly Permission[]): string[] {
  const groups = new Map<string, { state: Permission['state']; accounts: string[]; message: string | null }>();
  for (const { action, account, state, message } of permissions) {
    const key = `${action}: ${state}`;
    const group = groups.get(key) ?? { state, accounts: [], message };
    group.accounts.push(account);
    groups.set(key, group);
  }
  return [...groups].map(([key, { state, accounts, message }]) => {
    const where = accounts.length > 3 ? `${accounts.length} accounts` : accounts.join(', ');
    return cleanText(`${key} (${where})${state !== 'allowed' && message ? `: ${message}` : ''}`);
  });
}

const inWords = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`);
