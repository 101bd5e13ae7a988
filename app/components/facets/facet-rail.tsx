'use client';
import type { Facets } from '#lib/query/api.ts';
import { FacetGroup } from './facet-group.tsx';
import { RAIL } from './facet-list.ts';

/** Values to choose from, with their counts in what the rest of the filter leaves. */
export function FacetRail({ facets }: { facets: Facets | undefined }) {
  return (
    <nav className="facets" aria-label="Facets">
      {RAIL.map((facet) => (
        <FacetGroup
          key={facet.field}
          {...facet}
          values={facets?.facets[facet.field]}
          truncated={facets?.truncated.includes(facet.field) ?? false}
        />
      ))}
    </nav>
  );
}
