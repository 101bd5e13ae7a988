'use client';
import type { Item } from '#lib/query/api.ts';
import { Foreign } from '../text/foreign.tsx';
import { useView } from '../view/view-provider.tsx';
import { shortIdentity, whatRunsOn, whereIs } from './neighbours.ts';

/** What it runs on as it says itself, and the way to what runs on it. */
export function Stack({ item }: { item: Item }) {
  const { go } = useView();
  const guests = whatRunsOn(item);
  if (item.hostedBy.length === 0 && guests === null) return null;
  return (
    <section>
      <h3>Stack</h3>
      <ul className="identities">
        {item.hostedBy.map((host) => {
          const filter = whereIs(host);
          return (
            <li key={`${host.type} ${host.value}`}>
              <span className="identity-type">on {host.type}</span>
              {filter === null ? (
                <Foreign className="mono" text={shortIdentity(host)} limit={120} />
              ) : (
                <button type="button" className="link" onClick={() => go({ q: filter })}>
                  <Foreign className="mono" text={shortIdentity(host)} limit={120} />
                </button>
              )}
            </li>
          );
        })}
        {guests === null ? null : (
          <li>
            <span className="identity-type">below it</span>
            <button type="button" className="link" onClick={() => go({ q: guests })}>
              what runs on it
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}
