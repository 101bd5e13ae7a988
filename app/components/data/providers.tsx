'use client';
import { createContext, type ReactNode, useContext } from 'react';
import type { ProviderLook } from '#app/front/service.ts';

const UNKNOWN = { light: 'inherit', dark: 'inherit' };

const Context = createContext<readonly ProviderLook[]>([]);

export function ProvidersContext({ looks, children }: { looks: readonly ProviderLook[]; children: ReactNode }) {
  return <Context value={looks}>{children}</Context>;
}

/** The manifest's words for a provider; the bare id where there is no manifest (rows of a provider that was removed). */
export function useProvider(id: string): ProviderLook {
  return useProviders()(id);
}

export type LookOf = (id: string) => ProviderLook;

/** As {@link useProvider}, for several. */
export function useProviders(): LookOf {
  const looks = useContext(Context);
  return (id) => looks.find((look) => look.id === id) ?? { id, label: id, short: id, color: UNKNOWN, isEngine: false };
}
