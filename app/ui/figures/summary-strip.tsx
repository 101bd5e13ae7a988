'use client';
import type { Groups } from '#lib/api/resources.ts';
import { count } from '../text/format.ts';
import { CapacityTable } from './capacity-table.tsx';

/** Answers before one asks: how many of what, how much of each capacity, and how often one machine was seen. */
export function SummaryStrip({ total, sums }: { total: number; sums: Groups | undefined }) {
  const sum = sums?.sum ?? null;
  const duplicates = sum?.duplicates ?? 0;
  return (
    <section className="summary" aria-label="Summary">
      <Figure
        label="Resources"
        value={count(total)}
        note={duplicates === 0 ? null : `${count(duplicates)} folded into others`}
      />
      <div className="figure-kinds">
        <Figure label="VMs" value={count(sum?.vms ?? 0)} />
        <Figure label="Containers" value={count(sum?.containers ?? 0)} />
        <Figure label="Hosts" value={count(sum?.hosts ?? 0)} />
      </div>
      <CapacityTable sum={sum} />
    </section>
  );
}

function Figure({ label, value, note = null }: { label: string; value: string; note?: string | null }) {
  return (
    <div className="figure">
      <span className="figure-label">{label}</span>
      <span className="figure-line">
        <span className="figure-value">{value}</span>
        {note === null ? null : <span className="figure-note">{note}</span>}
      </span>
    </div>
  );
}
