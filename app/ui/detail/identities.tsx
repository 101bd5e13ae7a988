'use client';
import type { Link } from '#lib/model/index.ts';
import { Foreign } from '../text/foreign.tsx';
import { isLinking } from '../topology/links/evidence.ts';
import { CopyButton } from './copy-button.tsx';

interface Props {
  identities: readonly { type: string; value: string }[];
  links: readonly Link[];
}

/** Every name under which it is known, each to copy; those that link it to another row say so. */
export function Identities({ identities, links }: Props) {
  const unique = [...new Map(identities.map((one) => [`${one.type} ${one.value}`, one]))];
  return (
    <ul className="identities">
      {unique.map(([key, { type, value }]) => (
        <li key={key}>
          <span className="identity-type">
            {type}
            {isLinking(links, { type, value }) ? (
              <span className="is-linking" title="Another row has it too: it links the two">
                links
              </span>
            ) : null}
          </span>
          <Foreign className="mono" text={value} limit={120} />
          <CopyButton text={value} what={type} />
        </li>
      ))}
    </ul>
  );
}
