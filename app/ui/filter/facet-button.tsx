'use client';
import { Icon } from '../shell/icons.tsx';

/** Where the window is too narrow for the facets beside the list, they come at a click. */
export function FacetButton({ shown, onToggle }: { shown: boolean; onToggle(shown: boolean): void }) {
  return (
    <button
      type="button"
      className={`button facet-button${shown ? ' is-on' : ''}`}
      aria-expanded={shown}
      aria-controls="facets"
      title="Values to filter by, with their counts"
      onClick={() => onToggle(!shown)}
    >
      <Icon name="facets" size={14} />
      <span className="button-word">Facets</span>
    </button>
  );
}
