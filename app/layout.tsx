import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { webProcess } from './server/service.ts';
import { SCHEME_SCRIPT } from './ui/shell/color-scheme.ts';
import { Frame } from './ui/shell/frame.tsx';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: { default: 'Fleet · Muster', template: '%s · Muster' } };
export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? '';
  return (
    // The script in its head may have changed it before React sees it.
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant; browsers hide the nonce from React */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: SCHEME_SCRIPT }} />
      </head>
      <body>
        <Frame providers={webProcess().providers} now={Date.now()}>
          {children}
        </Frame>
      </body>
    </html>
  );
}
