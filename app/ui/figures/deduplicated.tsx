import { Fragment, useState } from 'react';
import type { Capacity } from '#lib/api/stack.ts';
import { count } from '../text/format.ts';
import { LinkWords } from '../topology/links/link-words.tsx';
import { ResourceLink } from '../topology/links/resource-link.tsx';
import { FIGURES } from './figures.ts';

const FEW = 8;

const labelOf = (key: string): string => FIGURES.find((one) => one.key === key)?.label.toLowerCase() ?? key;

/** Which rows were taken as one machine, which of them counts where, and by which evidence. */
export function Deduplicated({ deduplicated, machines }: Pick<Capacity, 'deduplicated' | 'machines'>) {
  const [all, setAll] = useState(false);
  if (deduplicated.length === 0) return <p className="why-note">No machine here is seen more than once.</p>;
  const shown = all ? deduplicated : deduplicated.slice(0, FEW);
  return (
    <div className="why-part">
      <h3>Seen more than once, counted once</h3>
      <table className="plain deduplicated">
        <thead>
          <tr>
            <th scope="col">Row</th>
            <th scope="col">Counts as</th>
            <th scope="col">One machine by</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ machine, rows, links }) => (
            <Fragment key={machine}>
              {rows.map((row, i) => (
                <tr key={row.uid} className={i === 0 ? 'is-first' : 'is-more'}>
                  <th scope="row">
                    <ResourceLink row={row} limit={60} />
                  </th>
                  <td className={row.counts.length === 0 ? 'is-zero' : ''}>
                    {row.counts.length === 0 ? 'left out' : row.counts.map(labelOf).join(', ')}
                  </td>
                  {i === 0 ? (
                    <td rowSpan={rows.length}>
                      <ul>
                        {links.map((link) => (
                          <li key={`${link.from} ${link.to}`}>
                            <LinkWords link={link} />
                          </li>
                        ))}
                      </ul>
                    </td>
                  ) : null}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      <p className="why-note">
        {!all && deduplicated.length > FEW ? (
          <button type="button" className="link" onClick={() => setAll(true)}>
            {count(Math.min(deduplicated.length, machines) - FEW)} more
          </button>
        ) : null}
        {machines > deduplicated.length
          ? ` The first ${count(deduplicated.length)} of ${count(machines)} machines.`
          : ''}
      </p>
    </div>
  );
}
