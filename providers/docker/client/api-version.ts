import type { IncomingHttpHeaders } from 'node:http';
import { ProviderError } from '#providers/contract.ts';

/** Newest API whose answers are known here; an engine that is newer is asked in this one. */
export const NEWEST = '1.56';
/** Docker 1.13 (2017), the first whose containers say `NanoCpus`. */
export const OLDEST = '1.25';

export interface Negotiated {
  /** To ask in: never newer than the engine. */
  version: string;
  /** What the engine speaks at most. */
  engine: string;
  podman: boolean;
}

/**
 * The version to speak with an engine, from the headers of its `/_ping`.
 * @throws ProviderError `bad-reply` where nothing says that this is an engine, `unsupported` for one that is too old
 */
export function chooseVersion(headers: IncomingHttpHeaders, place: string): Negotiated {
  const header = headers['api-version'];
  const engine = typeof header === 'string' && /^\d{1,3}\.\d{1,4}$/.test(header) ? header : null;
  if (engine === null)
    throw new ProviderError('bad-reply', place, 'no engine answers there: expected the header Api-Version, got none');
  if (compare(engine, OLDEST) < 0)
    throw new ProviderError(
      'unsupported',
      place,
      `the engine speaks API ${engine}, the oldest that is understood here is ${OLDEST}; update the engine`,
    );
  const version = compare(engine, NEWEST) < 0 ? engine : NEWEST;
  return { version, engine, podman: headers['libpod-api-version'] !== undefined };
}

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}
