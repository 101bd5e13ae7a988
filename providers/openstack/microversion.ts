import { asArray, asRecord, asString } from '../kit/read.ts';

/**
 * Microversions as the number behind `2.`; null for an API that has none. The adapter was written against 2.96, the newest it asks
 * for. 2.88 takes CPUs and memory out of the hypervisors, which therefore are asked for with 2.87 at most.
 * https://docs.openstack.org/nova/latest/reference/api-microversion-history.html
 */
export type Microversion = number | null;

export const NEWEST = 96;
export const NEWEST_HYPERVISORS = 87;
/** From here on hypervisors come in pages. */
export const PAGED_HYPERVISORS = 33;

/** Where a version that the document promised is refused (an upgrade under way behind one address), the next of these is tried. */
const STEPS = [90, 87, 79, 73, 69, 60, 53, 47, 42, 26, 19, 3, 1];

/** The next lower microversion worth asking for; null if there is none. */
export const below = (version: number): Microversion => STEPS.find((step) => step < version) ?? null;

const minor = (value: unknown): number | null => {
  const match = /^2\.(\d{1,4})$/.exec(asString(value) ?? '');
  return match ? Number(match[1]) : null;
};

/**
 * The best microversion of a document of versions (`{ version: {...} }` of `/v2.1/`, or `{ versions: [...] }` of a root).
 * `undefined` where it is no such document, or where everything it offers is newer than what is understood.
 */
export function negotiate(document: unknown): Microversion | undefined {
  const body = asRecord(document);
  const all = body?.version === undefined ? asArray(body?.versions) : [body.version];
  const about = all.map(asRecord).filter((version) => version !== null);
  const version = about.find((v) => asString(v.version) !== null) ?? about[0];
  if (!version) return undefined;
  const newest = minor(version.version);
  // v2.0 says an empty text: it knows no microversions.
  if (newest === null) return asString(version.version) === null ? null : undefined;
  const oldest = minor(version.min_version) ?? 1;
  return oldest > NEWEST ? undefined : Math.min(newest, NEWEST);
}

/** The header of a request; before 2.27 Nova knew one of its own only. */
export function versionHeaders(version: Microversion): Record<string, string> {
  if (version === null) return {};
  const value = `2.${version}`;
  return version < 27
    ? { 'x-openstack-nova-api-version': value, 'openstack-api-version': `compute ${value}` }
    : { 'openstack-api-version': `compute ${value}` };
}
