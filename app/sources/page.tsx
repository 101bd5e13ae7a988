import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import type permissionsQuestion from '#lib/questions/permissions.ts';
import type scopesQuestion from '#lib/questions/scopes.ts';
import { type FirstSources, SourcesPage } from '../components/sources/sources-page.tsx';
import { jsonOf } from '../json-of.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Sources' };

export default async function Page() {
  const service = queryService();
  const [scopes, permissions] = await Promise.all([
    service.answer<typeof scopesQuestion>('/scopes', {}),
    service.answer<typeof permissionsQuestion>('/permissions', {}),
  ]);
  return <SourcesPage first={jsonOf<FirstSources>({ scopes, permissions })} />;
}
