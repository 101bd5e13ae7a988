import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './globals.css';
import { ColorSchemeScript, mantineHtmlProps } from '@mantine/core';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { webProcess } from './server/service.ts';
import { Frame } from './ui/shell/frame.tsx';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: { default: 'Fleet · Muster', template: '%s · Muster' } };
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    <html lang="en" {...mantineHtmlProps}>
      <head>
        <ColorSchemeScript nonce={nonce} defaultColorScheme="auto" />
      </head>
      <body>
        <Frame nonce={nonce} providers={webProcess().providers} now={Date.now()}>
          {children}
        </Frame>
      </body>
    </html>
  );
}
