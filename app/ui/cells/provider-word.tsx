'use client';
import { useProvider } from '../data/providers.tsx';

/** A provider as a short coloured word. */
export function ProviderWord({ id }: { id: string }) {
  const { short, label, color } = useProvider(id);
  return (
    <span className="provider" title={label} style={{ color: `light-dark(${color.light}, ${color.dark})` }}>
      {short}
    </span>
  );
}
