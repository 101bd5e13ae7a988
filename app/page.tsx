import { queryService } from '#app/front/service.ts';
import { Fleet } from './components/fleet/fleet.tsx';
import { NotReady } from './components/states/not-ready.tsx';
import { readView } from './components/view/view.ts';
import { firstAnswer } from './first-answer.ts';
import { type SearchParameters, searchOf } from './search-of.ts';

export const dynamic = 'force-dynamic';

export default async function FleetPage({ searchParams }: { searchParams: Promise<SearchParameters> }) {
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
  const first = await firstAnswer(service, readView(new URLSearchParams(search)));
  // As text: tags may have keys such as __proto__, which only JSON carries as data.
  return <Fleet search={search} first={first} />;
}
