import type { DetailError, DetailField, ErrorKind } from '#lib/model/index.ts';
import { backoff } from '#lib/runtime/backoff.ts';
import { ProviderError } from '#providers/contract.ts';

const LONGEST_MS = 15 * 60_000;
const PAUSES = { firstMs: 30_000, longestMs: LONGEST_MS, jitter: 'none' } as const;
/** What a person has to change is not asked for again and again. */
const LASTING: ReadonlySet<ErrorKind> = new Set(['permission', 'unsupported', 'disabled', 'config']);

/**
 * How long a call beside a list is left alone after its nth failure in a row; at least as long as the provider asked.
 * @param worked it did before: what refuses now may only just have begun, as an API server that has not read its roles yet
 */
export function pauseAfter({ kind, retryAfterMs = 0 }: ProviderError, failures: number, worked = false): number {
  const doubled = backoff(failures - 1, PAUSES);
  const step = LASTING.has(kind) && !worked ? LONGEST_MS : doubled;
  return Math.max(step, Math.min(retryAfterMs, 4 * LONGEST_MS));
}

/** What a call threw. An answer of a shape that nobody expected makes code throw as well: that is the answer's fault here. */
export const asProviderError = (error: unknown, place: string): ProviderError =>
  error instanceof ProviderError
    ? error
    : new ProviderError('bad-reply', place, 'answered something that could not be understood', { cause: error });

export const detailError = (
  call: string,
  fields: readonly DetailField[],
  error: ProviderError,
  since: string,
): DetailError => ({ call, fields, kind: error.kind, message: sentence(error), since });

/** So that it follows the name of the call: `answers 500`, `fails: expected a list of sizes, got nothing (page 2)`. */
function sentence({ shortMessage, page }: ProviderError): string {
  const now = shortMessage.replace(/^answered\b/, 'answers').replace(/^gave\b/, 'gives');
  const text = /^(answers|gives|has|is|names|holds|says)\b/.test(now) ? now : `fails: ${now}`;
  return page === null || page === 1 ? text : `${text} (page ${page})`;
}

/** The errors of some calls, as a batch carries them; nothing where all of them work. */
export function withDetailErrors(...errors: readonly (DetailError | null)[]): { detailErrors?: DetailError[] } {
  const failing = errors.filter((error) => error !== null);
  return failing.length === 0 ? {} : { detailErrors: failing };
}
