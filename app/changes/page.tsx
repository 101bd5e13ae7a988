import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import { ChangesPage } from '../components/changes/changes-page.tsx';
import { NotReady } from '../components/states/not-ready.tsx';
import { readView } from '../components/view/view.ts';
import { firstChanges } from '../first-changes.ts';
import { type SearchParameters, searchOf } from '../search-of.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Changes' };

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
  const first = await firstChanges(service, readView(new URLSearchParams(search)).q);
  return <ChangesPage search={search} first={first} />;
}
