import type { ReactNode } from 'react';
import { queryService } from '#app/server/service.ts';
import type { QueryService } from '#lib/web/service.ts';
import { NotReady } from '../ui/shell/not-ready.tsx';
import { type SearchParameters, searchOf } from './search-of.ts';

/** What a page is drawn from. */
interface Asked {
  service: QueryService;
  /** The query string, without its question mark. */
  search: string;
  parameters: URLSearchParams;
  /** The index's. */
  revision: number;
}

interface Props {
  searchParams: Promise<SearchParameters>;
}

/**
 * A page of the fleet; until the index can answer, how far it is. No layout can decide this: Next keeps layouts while one moves
 * between pages, so that one would not be asked again after a restart of the server, and runs a page that its layout leaves out.
 * @param draw asks for the first picture, so that the browser asks nothing twice
 */
export const pageOf =
  (draw: (asked: Asked) => Promise<ReactNode>) =>
  async ({ searchParams }: Props) => {
    const search = searchOf(await searchParams);
    const service = queryService();
    const readiness = service.readiness();
    if (readiness.state === 'ready') {
      return draw({ service, search, parameters: new URLSearchParams(search), revision: readiness.revision });
    }
    return (
      <main className="page">
        <NotReady initial={readiness} />
      </main>
    );
  };
