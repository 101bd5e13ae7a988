import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import { StackPage } from '../components/stack/stack-page.tsx';
import { NotReady } from '../components/states/not-ready.tsx';
import { type SearchParameters, searchOf } from '../search-of.ts';

export const dynamic = 'force-dynamic';
export const metadata: Metadata = { title: 'Stack' };

export default async function Page({ searchParams }: { searchParams: Promise<SearchParameters> }) {
  const uid = new URLSearchParams(searchOf(await searchParams)).get('uid') ?? '';
  const service = queryService();
  const readiness = service.readiness();
  if (readiness.state !== 'ready') {
    return (
      <main className="page">
        <NotReady initial={readiness} />
      </main>
    );
  }
  const stack = uid === '' ? null : await service.stack(uid);
  return <StackPage key={uid} uid={uid} first={JSON.stringify({ revision: readiness.revision, stack })} />;
}
