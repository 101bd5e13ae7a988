'use client';
import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ProviderLook } from '#app/front/service.ts';
import { DataProvider } from '../data/data-provider.tsx';
import { ProvidersContext } from '../data/providers.tsx';
import { NowContext, useTicking } from '../data/use-now.ts';
import { NavRail } from './nav-rail.tsx';

interface Props {
  nonce: string;
  looks: readonly ProviderLook[];
  /** The server's clock, epoch ms. */
  now: number;
  children: ReactNode;
}

/** What every page stands in: the narrow rail of pages, and what all of them share. */
export function Frame({ nonce, looks, now, children }: Props) {
  return (
    <MantineProvider
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <DataProvider>
        <ProvidersContext looks={looks}>
          <NowContext value={useTicking(now)}>
            <div className="frame">
              <NavRail />
              {children}
            </div>
          </NowContext>
        </ProvidersContext>
      </DataProvider>
    </MantineProvider>
  );
}
