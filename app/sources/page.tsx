import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import { SourcesPage } from '../components/sources/sources-page.tsx';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Sources' };

export default async function Page() {
  const service = queryService();
  const [{ scopes, revision }, permissions] = await Promise.all([service.scopes(), service.permissions()]);
  return <SourcesPage first={JSON.stringify({ scopes, revision, permissions })} />;
}
