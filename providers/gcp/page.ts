import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { ProviderError } from '../contract.ts';
import { asArray, asRecord, asString } from '../kit/read.ts';

/** A page of an aggregated list, taken apart. */
export interface AggregatedPage {
  rows: { key: string; row: unknown }[];
  next: string | undefined;
  /** What this answer could not cover, e.g. `us-east1-b (UNREACHABLE)`; such a listing is incomplete. */
  gaps: string[];
}

/**
 * Takes a page of `aggregated/<part>` apart (asked with `returnPartialSuccess=true`).
 * A zone may say NO_RESULTS_ON_PAGE; any other warning, a zone in `unreachables` and a zone that says nothing are gaps.
 * @throws ProviderError `bad-reply` without `items`; `config` where the answer is another project's
 */
export function readPage(body: unknown, part: 'instances' | 'machineTypes', project: string): AggregatedPage {
  const page = asRecord(body);
  const items = asRecord(page?.items);
  if (!page || !items)
    throw unexpected(project, 'a page with items by zone', page && 'items' in page ? page.items : body);
  refuseOther(asString(page.id) ?? asString(page.selfLink), project);
  const gaps = asArray(page.unreachables).map((zone) => `${tail(asString(zone))} (unreachable)`);
  gaps.push(...gapOf(page.warning, 'the project'));
  const rows: AggregatedPage['rows'] = [];
  for (const [key, value] of Object.entries(items)) {
    const zone = asRecord(value);
    const list = zone?.[part];
    if (!zone || (list !== undefined && !Array.isArray(list)))
      throw unexpected(project, `a list of ${part} in ${tail(key)}`, zone ? list : value);
    for (const row of list ?? []) rows.push({ key, row });
    if (!list && !zone.warning) gaps.push(`${tail(key)} (no answer)`);
    gaps.push(...gapOf(zone.warning, tail(key)));
  }
  return { rows, next: asString(page.nextPageToken) ?? undefined, gaps };
}

/** Refuses an answer of another project: nothing of it may be stored under this one's name. */
export function refuseOther(address: string | null, project: string): void {
  const parts = address?.split('/') ?? [];
  const other = parts[parts.indexOf('projects') + 1];
  if (other === undefined || !parts.includes('projects') || other === project) return;
  throw new ProviderError('config', project, `the endpoint answers for another project than this one`);
}

/** The error of a listing that was read to its end with gaps. */
export function gapError(project: string, gaps: ReadonlySet<string>): ProviderError {
  const named = [...gaps].slice(0, 8).join(', ');
  const more = gaps.size > 8 ? ` and ${gaps.size - 8} more` : '';
  return new ProviderError('network', project, `could not be listed whole: ${named}${more}`);
}

function gapOf(warning: unknown, place: string): string[] {
  const code = asString(asRecord(warning)?.code);
  if (!asRecord(warning) || code === 'NO_RESULTS_ON_PAGE') return [];
  return [`${place} (${code?.slice(0, 60).toLowerCase() ?? 'warning'})`];
}

const tail = (address: string | null): string => address?.split('/').at(-1)?.slice(0, 60) ?? 'a zone';
