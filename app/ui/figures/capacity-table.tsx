'use client';
import type { Group } from '#lib/api/resources.ts';
import { Icon } from '../shell/icons.tsx';
import { memory, shortCount } from '../text/format.ts';
import { useView } from '../view/view-provider.tsx';
import { FIGURES, type FigureKey } from './figures.ts';

/** The five capacities side by side and never mixed; the button says why they are what they are. */
export function CapacityTable({ sum }: { sum: Group | null }) {
  const { view, go } = useView();
  const figures: Record<FigureKey, { cpu: number | null; memory: number | null }> = {
    physical: { cpu: sum?.physicalCpu ?? null, memory: sum?.physicalMemory ?? null },
    provisioned: { cpu: sum?.vcpus ?? null, memory: sum?.memory ?? null },
    allocatable: { cpu: sum?.allocatableCpu ?? null, memory: sum?.allocatableMemory ?? null },
    requested: { cpu: sum?.requestedCpu ?? null, memory: sum?.requestedMemory ?? null },
    used: { cpu: null, memory: null },
  };
  const isOpen = view.why !== null && view.why.group === null;
  return (
    <>
      <table className="capacity">
        <thead>
          <tr>
            <td />
            {FIGURES.map(({ key, label, means }) => (
              <th scope="col" key={key} title={means}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">CPU</th>
            {FIGURES.map(({ key }) => (
              <Amount key={key} figure={key} value={figures[key].cpu} say={(n) => [shortCount(n), '']} />
            ))}
          </tr>
          <tr>
            <th scope="row">Memory</th>
            {FIGURES.map(({ key }) => (
              <Amount
                key={key}
                figure={key}
                value={figures[key].memory}
                say={(mib) => {
                  const { value, unit } = memory(mib);
                  return [value, `${unit}B`];
                }}
              />
            ))}
          </tr>
        </tbody>
      </table>
      <button
        type="button"
        className={`button is-small why-button${isOpen ? ' is-on' : ''}`}
        aria-expanded={isOpen}
        data-why="all"
        title="What was counted, what was folded, what is not known"
        onClick={() => go({ why: isOpen ? null : { group: null } })}
      >
        <Icon name="why" size={13} />
        <span className="button-word">Why these figures</span>
      </button>
    </>
  );
}

interface AmountProps {
  figure: FigureKey;
  value: number | null;
  say(n: number): readonly [value: string, unit: string];
}

function Amount({ figure, value, say }: AmountProps) {
  if (figure === 'used') return <td className="not-measured">not measured</td>;
  if (value === null) {
    return (
      <td className="none" title="No row here says it">
        <span aria-hidden="true">–</span>
        <span className="sr-only">nothing here says</span>
      </td>
    );
  }
  const [text, unit] = say(value);
  return (
    <td>
      {text}
      {unit === '' ? null : <small> {unit}</small>}
    </td>
  );
}
