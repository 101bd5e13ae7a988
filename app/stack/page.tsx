import type { Metadata } from 'next';
import { queryService } from '#app/front/service.ts';
import type stackQuestion from '#lib/questions/stack.ts';
import { type FirstStack, StackPage } from '../components/stack/stack-page.tsx';
import { NotReady } from '../components/states/not-ready.tsx';
import { jsonOf } from '../json-of.ts';
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
  const stack = uid === '' ? null : await service.answer<typeof stackQuestion>('/resources/{uid}/stack', { uid });
  const first = jsonOf<FirstStack>({ revision: `${readiness.revision}`, stack });
  return <StackPage key={uid} uid={uid} first={first} />;
}
