import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import type identity from '#lib/questions/identity.ts';
import { type FirstIdentity, IdentityPage } from '../components/identity/identity-page.tsx';
import { IDENTITY_PAGE, identityRequest, readIdentityView } from '../components/identity/identity-view.ts';
import { NotReady } from '../components/states/not-ready.tsx';
import { jsonOf } from '../json-of.ts';
import { type SearchParameters, searchOf } from '../search-of.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Identity' };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParameters> }) {
  const search = searchOf(await searchParams);
  const service = queryService();
  const readiness = service.readiness();
  if (readiness.state !== 'ready') {
    return (
      <main className="page">
        <NotReady initial={readiness} />
      </main>
    );
  }
  const view = readIdentityView(new URLSearchParams(search));
  const request = identityRequest(view);
  const [report, possible] = await Promise.all([
    service.answer<typeof identity>('/identity', { ...request, limit: IDENTITY_PAGE }),
    service.ask<typeof identity>('/identity', { confidence: 'possible', limit: 1, offset: 0 }),
  ]);
  const { revision } = readiness;
  const first = jsonOf<FirstIdentity>({ revision: `${revision}`, report, possible: `${possible.offersTotal}` });
  return <IdentityPage key={search} view={view} first={first} />;
}
