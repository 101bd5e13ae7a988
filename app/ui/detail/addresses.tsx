import type { Item } from '#lib/api/resources.ts';
import { reachOf } from '#lib/language/grammar/reach.ts';
import { Foreign } from '../text/foreign.tsx';

/** Told one by one; a node with a pool of addresses has hundreds. */
const MOST = 12;

const ATTACHED = {
  own: 'on an interface of its own',
  mapped: 'translated to it by the network',
} as const;

/** Each address with how it is attached and how far it reaches: `10.0.0.5 own, private`, `34.1.2.3 mapped, global`. */
export function Addresses({ of: { addresses, mappedAddresses } }: { of: Pick<Item, 'addresses' | 'mappedAddresses'> }) {
  const all = [
    ...(addresses ?? []).map((text) => ({ text, attached: 'own' as const })),
    ...(mappedAddresses ?? []).map((text) => ({ text, attached: 'mapped' as const })),
  ];
  return (
    <span className="addresses">
      {all.slice(0, MOST).map(({ text, attached }) => {
        const reach = reachOf(text);
        const far = reach?.global ? 'globally routable' : 'not globally routable';
        return (
          <span key={`${attached} ${text}`} title={`${ATTACHED[attached]}, ${far}`}>
            <Foreign className="mono" text={text} limit={60} />{' '}
            <span className={reach?.global ? 'reach is-global' : 'reach'}>
              {attached}
              {reach && `, ${reach.block}`}
            </span>
          </span>
        );
      })}
      {all.length > MOST && <span className="reach">and {all.length - MOST} more</span>}
      {(addresses === null || mappedAddresses === null) && <span className="reach">others not known</span>}
    </span>
  );
}
