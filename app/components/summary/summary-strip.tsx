'use client';
import type { Groups } from '#lib/query/api.ts';
import { count, memory, shortCount } from '../text/format.ts';
import { Provisioned } from './provisioned.tsx';

/** Answers before one asks: how many of what, and how much was provisioned of which how much is requested. */
export function SummaryStrip({ total, sums }: { total: number; sums: Groups | undefined }) {
  const sum = sums?.sum ?? null;
  return (
    <section className="summary" aria-label="Summary">
      <Figure label="Resources" value={count(total)} />
      <Figure label="VMs" value={count(sum?.vms ?? 0)} />
      <Figure label="Containers" value={count(sum?.containers ?? 0)} />
      <Figure label="Hosts" value={count(sum?.hosts ?? 0)} />
      <Provisioned
        label="vCPU provisioned"
        total={sum?.vcpus ?? null}
        requested={sum?.requestedCpu ?? null}
        say={(n) => ({ value: shortCount(n), unit: '' })}
      />
      <Provisioned
        label="Memory provisioned"
        total={sum?.memory ?? null}
        requested={sum?.requestedMemory ?? null}
        say={(mib) => {
          const { value, unit } = memory(mib);
          return { value, unit: `${unit}B` };
        }}
      />
    </section>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="figure">
      <span className="figure-label">{label}</span>
      <span className="figure-value">{value}</span>
    </div>
  );
}
