'use client';
import { useMemo } from 'react';
import type { Facets } from '#lib/api/resources.ts';
import type { ScopeStatus } from '#lib/model/index.ts';
import { accountNames } from './account-names.ts';
import { FacetGroup } from './facet-group.tsx';
import { RAIL } from './facet-list.ts';

interface Props {
  facets: Facets | undefined;
  scopes: readonly ScopeStatus[];
  /** Escape closes them where they lie over the list. */
  onClose(): void;
}

/** Values to choose from, with their counts in what the rest of the filter leaves. */
export function FacetRail({ facets, scopes, onClose }: Props) {
  const accounts = useMemo(() => accountNames(scopes), [scopes]);
  return (
    <nav
      className="facets"
      id="facets"
      aria-label="Facets"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        const button = document.querySelector<HTMLElement>('[aria-controls="facets"]');
        // It is there only where they do.
        if (button?.offsetParent) button.focus();
        onClose();
      }}
    >
      {RAIL.map((facet) => (
        <FacetGroup
          key={facet.field}
          {...facet}
          values={facets?.facets[facet.field]}
          truncated={facets?.truncated.includes(facet.field) ?? false}
          names={facet.field === 'account' ? accounts : undefined}
        />
      ))}
    </nav>
  );
}
