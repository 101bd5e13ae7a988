import { type Call, type Environment, ProviderError } from '#providers/contract.ts';
import { retry } from '#providers/kit/retry.ts';
import { pages } from '#providers/kit/wire/pages.ts';
import { type ClusterClient, PATHS } from '../client/client.ts';
import { StatusError } from '../client/status.ts';
import type { RawObject } from '../map/raw.ts';

/** What client-go and kubectl ask for. */
const LIMIT = 500;
/** A list that expires while it is read begins again; one that always does is given up. */
const RESTARTS = 3;

export interface ListPage {
  items: RawObject[];
  /** Of the list, opaque. */
  version: string;
  /** True for the first page of a list that begins again: all pages before it are void. */
  restart: boolean;
}

/**
 * Reads a list to its end, as client-go's pager does: without a resourceVersion, so that it is the newest state, in pages of one
 * and the same version. A page that fails for a passing reason is read again; where the version expires between two pages, the
 * whole list begins again, since a continuation of another version would be stitched together; likewise, once, with a new credential.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export async function* readPages(
  client: ClusterClient,
  kind: keyof typeof PATHS,
  options: { metadataOnly?: boolean },
  env: Environment,
  call: Call,
): AsyncGenerator<ListPage> {
  const place = `cluster ${client.name}`;
  let renewed = false;
  let restart = false;
  for (let restarts = 0; ; ) {
    try {
      let version = '';
      const read = pages(place, `list ${kind}`, call.signal, async (token) => {
        const page = await retry(env, call, () =>
          client.page(PATHS[kind], { ...options, limit: LIMIT, continue: token }, call),
        );
        version ||= page.resourceVersion;
        return { items: page.items, count: page.items.length, next: page.next };
      });
      for await (const items of read) {
        yield { items, version, restart };
        restart = false;
      }
      return;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (error.code === 401 && !renewed) {
        client.renew();
        renewed = true;
      } else if (!error.expired) throw error;
      else if (restarts++ >= RESTARTS)
        throw new ProviderError('bad-reply', place, `the list expired ${restarts} times before its end`, {
          cause: error,
        }).of(`list ${kind}`);
      env.log.info('listing.restarted', { cluster: client.name, path: PATHS[kind] });
      restart = true;
    }
  }
}
