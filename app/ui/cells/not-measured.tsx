import type { Item } from '#lib/api/resources.ts';

function reason({ state }: Item): string {
  if (state === 'stopped' || state === 'terminated' || state === 'suspended') return `it is ${state}`;
  return 'no source measures use yet';
}

/** In words, with the reason on hover: an empty bar would read as 0. */
export function NotMeasured({ item }: { item: Item }) {
  return (
    <span className="not-measured" title={`Not measured: ${reason(item)}`}>
      not measured
    </span>
  );
}
