import type { Capacity, Figure } from '#lib/api/stack.ts';
import { SCOPE_MARKS } from '../cells/scope-mark.tsx';
import { Foreign } from '../text/foreign.tsx';
import { cores, count, memory } from '../text/format.ts';
import { FIGURES, rowsOf } from './figures.ts';

const NAMED = 3;

/** Each capacity with what went into it, what was left out as seen already, and what does not say. */
export function FigureTable({ capacity }: { capacity: Capacity }) {
  const { figures, freshness } = capacity;
  const problems = freshness.problems.filter(({ state }) => state !== 'gone');
  const gone = freshness.scopes.gone ?? 0;
  return (
    <>
      <table className="plain why-figures">
        <thead>
          <tr>
            <th scope="col">Capacity</th>
            <th scope="col" className="right">
              CPU
            </th>
            <th scope="col" className="right">
              Memory
            </th>
            <th scope="col">Counted</th>
            <th scope="col">Left out: another row of the machine counts</th>
            <th scope="col">Do not say how much</th>
            <th scope="col">If the likely links were confirmed</th>
          </tr>
        </thead>
        <tbody>
          {FIGURES.map(({ key, label, means }) => {
            const figure = figures[key];
            return (
              <tr key={key}>
                <th scope="row" title={means}>
                  {label}
                </th>
                {figure === null ? (
                  <td colSpan={6} className="not-measured">
                    not measured: no source delivers samples yet
                  </td>
                ) : (
                  <>
                    <Amounts {...figure} />
                    <td>{rowsOf(key, figure.counted)}</td>
                    <td className={figure.duplicates === 0 ? 'is-zero' : ''}>
                      {count(figure.duplicates)}
                      {key === 'provisioned' && figure.duplicates > 0 ? ' VMs, and nodes that are one of them' : ''}
                    </td>
                    <td className={figure.unknown === 0 ? 'is-zero' : 'is-short'}>{count(figure.unknown)}</td>
                    <td className={figure.likely.duplicates === 0 ? 'is-zero' : ''}>{likelyWords(figure.likely)}</td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {problems.length > 0 ? (
        <p className="why-note">
          Not all of it is current:{' '}
          {problems.slice(0, NAMED).map((problem, i) => (
            <span key={problem.id}>
              {i > 0 ? '; ' : ''}
              <Foreign text={problem.label} limit={60} /> {SCOPE_MARKS[problem.state].word},{' '}
              {problem.count === 0 ? 'how much runs there is not known' : `${count(problem.count)} rows as last seen`}
            </span>
          ))}
          {problems.length > NAMED ? `; ${count(problems.length - NAMED)} more` : ''}.
        </p>
      ) : null}
      {gone > 0 ? (
        <p className="why-note">
          {gone === 1 ? '1 scope is' : `${count(gone)} scopes are`} no longer found; their rows count as last seen until
          they leave. <code>-freshness:gone</code> leaves them out.
        </p>
      ) : null}
    </>
  );
}

function Amounts({ cpu, memory: mib }: Figure) {
  const size = mib === null ? null : memory(mib);
  return (
    <>
      <td className={cpu === null ? 'right is-zero' : 'right is-ink'}>{cpu === null ? '–' : cores(cpu)}</td>
      <td className={size === null ? 'right is-zero' : 'right is-ink'}>
        {size === null ? (
          '–'
        ) : (
          <>
            {size.value}
            <small> {size.unit}B</small>
          </>
        )}
      </td>
    </>
  );
}

/** `− 16 cores, 64 GiB by 4 links`; nothing changes where no link is likely. */
function likelyWords({ duplicates, cpu, memory: mib }: Figure['likely']): string {
  if (duplicates === 0) return 'no change';
  const { value, unit } = memory(mib);
  return `− ${cores(cpu)} cores, ${value} ${unit}B by ${count(duplicates)} ${duplicates === 1 ? 'link' : 'links'}`;
}
