'use client';
import { useProvider } from '../data/providers.tsx';

/** A provider as a short coloured word. */
export function ProviderWord({ id }: { id: string }) {
  const { short, label } = useProvider(id);
  return (
    <span className="provider" data-provider={id} title={label}>
      {short}
    </span>
  );
}
