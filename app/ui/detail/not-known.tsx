import type { Item } from '#lib/api/resources.ts';
import { DetailFailure } from '../text/detail-failure.tsx';

/** What a failing call would tell of this resource. */
export function NotKnown({ item: { notKnown } }: { item: Pick<Item, 'notKnown'> }) {
  if (notKnown.length === 0) return null;
  return (
    <ul className="not-known">
      {notKnown.map((error) => (
        <li key={error.call}>
          <DetailFailure error={error} lead="Not known: " />
        </li>
      ))}
    </ul>
  );
}
