import type { Reason } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';

/** The collector stops, or the scope is no longer wanted: nothing is recorded. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Ours, not the provider's: the run took longer than its scope allows. */
export class DeadlineExceeded extends Error {
  override readonly name = 'DeadlineExceeded';
  constructor(ms: number) {
    super(`not finished within ${Math.round(ms / 1000)} s`);
  }
}

const MAX_MESSAGE = 300;

/** One line without control characters: messages are written by adapters, but what they quote is foreign. */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ')
    .toWellFormed()
    .trim();
  return line.length > MAX_MESSAGE ? `${line.slice(0, MAX_MESSAGE)}…` : line;
}

/**
 * The one place where an error becomes the reason that a scope shows. Only a {@link ProviderError} may speak; any other error is a
 * mistake of ours or of an SDK whose text could hold anything, so only its name is kept.
 * @param place account, region, cluster for errors that do not say
 */
export function explain(error: unknown, place: string): Reason {
  if (error instanceof ProviderError) return { kind: error.kind, message: oneLine(error.message) };
  if (error instanceof DeadlineExceeded) return { kind: 'deadline', message: `${place}: ${error.message}` };
  if (error instanceof Cancelled) return { kind: 'cancelled', message: `${place}: stopped` };
  const name = error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'not an error';
  return { kind: 'internal', message: `${place}: unexpected failure (${name}); the collector's log says where` };
}

/** How long the provider asked to wait, at least 0; null if it did not ask. A nonsensical hint must not freeze a scope for ever. */
export function hintOf(error: unknown): number | null {
  if (!(error instanceof ProviderError) || error.retryAfterMs === undefined) return null;
  return Number.isFinite(error.retryAfterMs) ? Math.min(Math.max(0, error.retryAfterMs), 24 * 3_600_000) : null;
}
