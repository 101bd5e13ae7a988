'use client';
import { Foreign } from '../text/foreign.tsx';
import { CopyButton } from './copy-button.tsx';

/** Every name under which it is known, each to copy. */
export function Identities({ identities }: { identities: readonly { type: string; value: string }[] }) {
  const unique = [...new Map(identities.map((one) => [`${one.type} ${one.value}`, one]))];
  return (
    <ul className="identities">
      {unique.map(([key, { type, value }]) => (
        <li key={key}>
          <span className="identity-type">{type}</span>
          <Foreign className="mono" text={value} limit={120} />
          <CopyButton text={value} what={type} />
        </li>
      ))}
    </ul>
  );
}
