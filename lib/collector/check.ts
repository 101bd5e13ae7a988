import type { ConfiguredSource } from '#lib/config/sources.ts';
import { cleanText } from '#lib/log/index.ts';
import type { Scope } from '#lib/model/index.ts';
import { abortable } from '#lib/runtime/abort.ts';
import { withDeadline } from '#lib/sync/limits/deadline.ts';
import { guarded } from '#lib/sync/limits/guard.ts';
import { explain } from '#lib/sync/run/reason.ts';
import type { Clock, Connection, Environment, Permission } from '#providers/contract.ts';
import { lacking, missingPolicy, verdicts } from './verdicts.ts';

const STAGE_MS = 60_000;
/** Every region of every account is many calls. */
const PERMISSIONS_MS = 5 * 60_000;
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
 * Opens a source and says what it is, what it would list, which calls of its policy are allowed where, and the policy that is
 * missing. Lists no resources and writes nothing. Never throws.
 */
export async function checkSource(source: ConfiguredSource, { clock, environment }: CheckTools): Promise<Finding> {
  const { provider } = source;
  const lines = [
    `${source.id}: ${provider.label}${source.mock ? ', demo fleet' : ''}, every ${inWords(source.interval)}`,
  ];
  for (const line of source.understood) lines.push(`  ${cleanText(line)}`);
  const never = new AbortController().signal;
  const staged = <T>(work: (signal: AbortSignal) => Promise<T>, ms = STAGE_MS) => withDeadline(clock, ms, never, work);
  let connection: Connection | null = null;
  let ok = true;
  const failed = (what: string, error: unknown) => {
    const reason = explain(error, source.id);
    lines.push(`  ${what}: ${reason.message}`);
    ok = false;
    return reason.kind;
  };
  try {
    const opened = await staged((signal) => abortable(source.open(environment(source.id)), signal));
    connection = opened;
    const scopes: Scope[] = [];
    let discovered = true;
    try {
      await staged((signal) => gather(() => opened.scopes({ signal }), scopes, signal));
      if (scopes.length === 0) ok = false;
    } catch (error) {
      // What is not allowed is what the permissions explain.
      discovered = failed('cannot be read', error) === 'permission' || scopes.length > 0;
    }
    if (discovered) {
      lines.push(`  finds ${scopes.length} scopes${scopes.length === 0 ? '' : `: ${names(scopes)}`}`);
      const permissions: Permission[] = [];
      try {
        const read = (signal: AbortSignal) => opened.permissions({ signal, everyRegion: true });
        await staged((signal) => gather(() => read(signal), permissions, signal), PERMISSIONS_MS);
      } catch (error) {
        failed('its permissions could not all be tried', error);
      }
      for (const line of verdicts(permissions)) lines.push(`  ${line}`);
      lines.push(...missingPolicy(provider, permissions));
      // Where no call at all came through, the source reads nothing, whatever the reason.
      if (lacking(permissions).length > 0 || !permissions.some(({ state }) => state === 'allowed')) ok = false;
    }
  } catch (error) {
    failed('cannot be read', error);
  }
  try {
    const closing = connection?.close() ?? Promise.resolve();
    await staged((signal) => abortable(closing, signal));
  } catch (error) {
    lines.push(`  cannot be closed: ${explain(error, source.id).message}`);
  }
  return { lines, ok };
}

/** Fills `into`: what came before a failure counts. */
async function gather<T>(start: () => AsyncIterable<T>, into: T[], signal: AbortSignal): Promise<void> {
  for await (const item of guarded(start, signal)) into.push(item);
}

function names(scopes: readonly Scope[]): string {
  const labels = scopes.slice(0, SHOWN).map(({ label }) => cleanText(label));
  return `${labels.join(', ')}${scopes.length > SHOWN ? `, and ${scopes.length - SHOWN} more` : ''}`;
}

const inWords = (ms: number): string => (ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1000} s`);
