'use client';
import type { ReactNode } from 'react';
import type { ProviderAppearance } from '#app/server/service.ts';
import { DataProvider } from '../data/data-provider.tsx';
import { ProvidersContext } from '../data/providers.tsx';
import { NowContext, useTicking } from '../data/use-now.ts';
import { NavRail } from './nav-rail.tsx';

interface Props {
  providers: readonly ProviderAppearance[];
  /** The server's clock, epoch ms. */
  now: number;
  children: ReactNode;
}

/** What every page stands in: the narrow rail of pages, and what all of them share. */
export function Frame({ providers, now, children }: Props) {
  return (
    <DataProvider>
      <ProvidersContext providers={providers}>
        <NowContext value={useTicking(now)}>
          <div className="frame">
            <NavRail />
            {children}
          </div>
        </NowContext>
      </ProvidersContext>
    </DataProvider>
  );
}
