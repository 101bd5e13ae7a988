'use client';
import { createContext, type ReactNode, useContext } from 'react';

/** What the page needs of a provider's manifest. */
export interface ProviderLook {
  id: string;
  label: string;
  /** For a table cell: `AWS`, `K8s`. */
  short: string;
}

const Context = createContext<readonly ProviderLook[]>([]);

export function ProvidersContext({ looks, children }: { looks: readonly ProviderLook[]; children: ReactNode }) {
  return <Context value={looks}>{children}</Context>;
}

/** The manifest's words for a provider; the bare id where there is no manifest (rows of a provider that was removed). */
export function useProvider(id: string): ProviderLook {
  return useContext(Context).find((look) => look.id === id) ?? { id, label: id, short: id };
}
