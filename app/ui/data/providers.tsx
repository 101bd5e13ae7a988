'use client';
import { createContext, type ReactNode, useContext } from 'react';
import type { ProviderAppearance } from '#app/server/service.ts';

const UNKNOWN = { light: 'inherit', dark: 'inherit' };

const Context = createContext<readonly ProviderAppearance[]>([]);

export function ProvidersContext({
  providers,
  children,
}: {
  providers: readonly ProviderAppearance[];
  children: ReactNode;
}) {
  return <Context value={providers}>{children}</Context>;
}

/** The manifest's words for a provider; the bare id where there is no manifest (rows of a provider that was removed). */
export function useProvider(id: string): ProviderAppearance {
  return useProviders()(id);
}

export type AppearanceOf = (id: string) => ProviderAppearance;

/** As {@link useProvider}, for several. */
export function useProviders(): AppearanceOf {
  const appearances = useContext(Context);
  return (id) =>
    appearances.find((each) => each.id === id) ?? { id, label: id, short: id, color: UNKNOWN, isEngine: false };
}
