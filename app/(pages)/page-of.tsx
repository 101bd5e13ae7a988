import type { ReactNode } from 'react';
import { queryService } from '#app/front/service.ts';
import type { QueryService } from '#lib/web/service.ts';
import { NotReady } from '../components/states/not-ready.tsx';
import { type SearchParameters, searchOf } from './search-of.ts';

/** What a page is drawn from. */
interface Asked {
  service: QueryService;
  /** The query string, without its question mark. */
  search: string;
  parameters: URLSearchParams;
}

interface Props {
  searchParams: Promise<SearchParameters>;
}

async function asked({ searchParams }: Props): Promise<Asked> {
  const search = searchOf(await searchParams);
  return { service: queryService(), search, parameters: new URLSearchParams(search) };
}

/**
 * A page over what the index answers; until it can, how far it is. No layout can decide this: Next keeps layouts while one moves
 * between pages, so that one would not be asked again after a restart of the server, and runs a page that its layout leaves out.
 * @param draw asks for the first picture, so that the browser asks nothing twice; `revision` is the index's
 */
export const pageOf = (draw: (asked: Asked & { revision: number }) => Promise<ReactNode>) =>
  async function Page(props: Props) {
    const page = await asked(props);
    const readiness = page.service.readiness();
    if (readiness.state === 'ready') return draw({ ...page, revision: readiness.revision });
    return (
      <main className="page">
        <NotReady initial={readiness} />
      </main>
    );
  };

/** A page that needs the store alone, and no index. */
export const pageAtOnce = (draw: (asked: Asked) => Promise<ReactNode>) =>
  async function Page(props: Props) {
    return draw(await asked(props));
  };
