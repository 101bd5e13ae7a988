import { cores, memory } from '../text/format.ts';

/** Memory with its unit small and grey beside it. */
export function MemoryAmount({ mib }: { mib: number }) {
  const { value, unit } = memory(mib);
  return (
    <span className="amount">
      {value}
      <small>{unit}</small>
    </span>
  );
}

export function CoresAmount({ cores: n }: { cores: number }) {
  return <span className="amount">{cores(n)}</span>;
}
