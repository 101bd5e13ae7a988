import type { Metadata } from 'next';
import type permissionsQuestion from '#lib/questions/permissions.ts';
import type scopesQuestion from '#lib/questions/scopes.ts';
import { type FirstSources, SourcesPage } from '../../ui/sources/sources-page.tsx';
import { jsonOf } from '../json-of.ts';
import { pageOf } from '../page-of.tsx';

export const metadata: Metadata = { title: 'Sources' };

export default pageOf(async ({ service }) => {
  const scopes = service.answer<typeof scopesQuestion>('/scopes', {});
  const permissions = service.answer<typeof permissionsQuestion>('/permissions', {});
  return <SourcesPage first={await jsonOf<FirstSources>({ scopes, permissions })} />;
});
