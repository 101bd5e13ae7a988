import { type Scope, scopeSchema } from '#lib/model/index.ts';
import type { Connection } from '#providers/contract.ts';
import { withDeadline } from '../limits/deadline.ts';
import { guarded } from '../limits/guard.ts';
import type { Source, Tools } from '../source.ts';

const LONGEST = 5 * 60_000;

/** What a discovery found. It is complete only where `error` is null; nothing that it did not find is gone otherwise. */
export interface Discovery {
  scopes: Map<string, Scope>;
  error: { error: unknown } | null;
}

/**
 * Asks a source for its scopes, within a time. Never throws but for the signal.
 * @param known scopes of the source that are not gone
 * @param found called with each scope as it comes
 */
export async function discover(
  { clock }: Tools,
  source: Source,
  connection: Connection,
  { signal, known, found }: { signal: AbortSignal; known: readonly Scope[]; found(scope: Scope): void },
): Promise<Discovery> {
  const scopes = new Map<string, Scope>();
  let wrong: TypeError | null = null;
  try {
    await withDeadline(clock, LONGEST, signal, async (limited) => {
      for await (const scope of guarded(() => connection.scopes({ signal: limited, known }), limited)) {
        const parsed = scopeSchema.safeParse(scope);
        if (parsed.success && scope.source === source.id && scope.provider === source.provider.id) {
          scopes.set(scope.id, parsed.data);
          found(parsed.data);
        } else wrong = new TypeError('a scope of another source, or not a scope');
      }
    });
    return { scopes, error: wrong ? { error: wrong } : null };
  } catch (error) {
    signal.throwIfAborted();
    return { scopes, error: { error } };
  }
}
