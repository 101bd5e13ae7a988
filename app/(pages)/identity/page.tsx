import type { Metadata } from 'next';
import { IdentityPage } from '../../ui/topology/identity/identity-page.tsx';
import { readIdentityView } from '../../ui/topology/identity/identity-view.ts';
import { pageOf } from '../page-of.tsx';
import { firstIdentity } from './first-identity.ts';

export const metadata: Metadata = { title: 'Identity' };

export default pageOf(async ({ service, search, parameters, revision }) => {
  const view = readIdentityView(parameters);
  return <IdentityPage key={search} view={view} first={await firstIdentity(service, view, revision)} />;
});
