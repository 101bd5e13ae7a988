import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import { IdentityPage } from '../components/identity/identity-page.tsx';
import { IDENTITY_PAGE, identityRequest, readIdentityView } from '../components/identity/identity-view.ts';
import { NotReady } from '../components/states/not-ready.tsx';
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
    service.identity({ ...request, limit: IDENTITY_PAGE }),
    service.identity({ confidence: 'possible', limit: 1, offset: 0 }),
  ]);
  const first = { revision: readiness.revision, report, possible: possible.offersTotal };
  return <IdentityPage key={search} view={view} first={JSON.stringify(first)} />;
}
