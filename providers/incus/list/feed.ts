import { abortable } from '#lib/runtime/abort.ts';
import { waitAtMost } from '#lib/runtime/notifier.ts';
import { type Call, ProviderError } from '#providers/contract.ts';
import { asRecord, asString } from '#providers/kit/read.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { EVENTS } from '../client/client.ts';
import type { Ways } from '../cluster/ways.ts';
import { objectIdOf } from '../map/map-instance.ts';

/** What events of one project, or of all, say to one scope, gathered until it is taken. */
export interface Feed {
  /** Waits until there is news, `ms` at most. @throws ProviderError once the stream is broken */
  next(ms: number): Promise<void>;
  /** What was named since: which instance, on which member it happened (null where that is not told), and whether it may have come from another. */
  take(): ReadonlyMap<string, Named>;
  /** Something happened that may change any of them; true once. */
  doubt(): boolean;
  stop(): void;
}

export interface Named {
  locations: Set<string>;
  moved: boolean;
}

export interface Feeds {
  /**
   * Subscribes; one stream serves all scopes of a cluster.
   * @throws ProviderError where the server does not subscribe us
   */
  open(project: string | null, call: Call): Promise<Feed>;
}

/** What is done inside of an instance, or only read of it, changes nothing that a row shows. */
const SILENT =
  /^instance-(exec|console|console-reset|console-retrieved|file-.*|log-.*|metadata-.*|backup-.*|snapshot-updated)$/;
/** Changes what instances inherit, or who runs them. */
const DOUBTFUL = /^(profile-(updated|renamed)|project-(updated|renamed)|cluster-member-(added|removed|renamed))$/;

interface Reader {
  named: Map<string, Named>;
  doubt: boolean;
  news: PromiseWithResolvers<void>;
}

interface Stream {
  opened: Promise<void>;
  readers: Set<Reader>;
  broken: { error: unknown } | null;
  stop: AbortController;
}

export function createFeeds(ways: Ways): Feeds {
  const { env } = ways;
  const streams = new Map<string | null, Stream>();

  function begin(project: string | null): Stream {
    const stop = new AbortController();
    const ready = Promise.withResolvers<void>();
    const stream: Stream = { opened: ready.promise, readers: new Set(), broken: null, stop };
    streams.set(project, stream);
    run(stream, project, ready.resolve).catch((error: unknown) => {
      stream.broken = { error };
      if (streams.get(project) === stream) streams.delete(project);
      ready.reject(error);
      for (const reader of stream.readers) reader.news.resolve();
      if (!stop.signal.aborted) ways.broken.notify();
    });
    // Whoever waits for it is told; where nobody does, there is nobody to tell.
    stream.opened.catch(() => undefined);
    return stream;
  }

  async function run(stream: Stream, project: string | null, opened: () => void): Promise<never> {
    const call: Call = { signal: stream.stop.signal };
    return ways
      .use(async (client) => {
        const { events } = await client.events(project, call);
        opened();
        try {
          for await (const event of events) note(stream, event, client.host);
        } catch (error) {
          // It was taken: the next address is for whoever subscribes anew.
          throw new Broken(error);
        }
        throw new Broken(new ProviderError('network', client.host, 'closed the stream of events').of(EVENTS));
      })
      .catch((error: unknown) => {
        throw error instanceof Broken ? error.cause : error;
      });
  }

  function note(stream: Stream, event: unknown, place: string): void {
    const parsed = asRecord(event);
    const metadata = asRecord(parsed?.metadata);
    const action = asString(metadata?.action);
    // One that cannot be understood must not pass in silence: the stream is taken up again behind a new list.
    if (asString(parsed?.type) !== 'lifecycle' || action === null)
      throw unexpected(place, 'an event with type lifecycle and an action', event).of(EVENTS);
    if (action.startsWith('cluster-')) ways.broken.notify();
    const doubt = DOUBTFUL.test(action);
    const names = SILENT.test(action)
      ? []
      : namedBy(action, metadata?.source, asString(parsed?.project), metadata?.context);
    if (names === null) throw unexpected(place, 'an event that names its instance', event).of(EVENTS);
    if (names.length === 0 && !doubt) return;
    const location = asString(parsed?.location);
    for (const reader of stream.readers) {
      reader.doubt ||= doubt;
      for (const name of names) {
        const known = reader.named.get(name) ?? { locations: new Set(), moved: false };
        if (location !== null && location !== 'none') known.locations.add(location);
        known.moved ||= location === null || location === 'none' || /-(migrated|created|renamed)$/.test(action);
        reader.named.set(name, known);
      }
      reader.news.resolve();
    }
  }

  return {
    async open(project, call) {
      call.signal.throwIfAborted();
      const stream = streams.get(project) ?? begin(project);
      const reader: Reader = { named: new Map(), doubt: false, news: Promise.withResolvers() };
      stream.readers.add(reader);
      const stop = () => {
        stream.readers.delete(reader);
        if (stream.readers.size > 0 || streams.get(project) !== stream) return;
        streams.delete(project);
        stream.stop.abort(new Error('nobody reads the events any more'));
      };
      try {
        await abortable(stream.opened, call.signal);
      } catch (error) {
        stop();
        throw error;
      }
      return {
        async next(ms) {
          check(stream);
          if (Number.isFinite(ms)) await waitAtMost(reader.news.promise, ms, env.clock, call.signal);
          else await abortable(reader.news.promise, call.signal);
          check(stream);
          reader.news = Promise.withResolvers();
        },
        take() {
          const { named } = reader;
          reader.named = new Map();
          return named;
        },
        doubt() {
          const { doubt } = reader;
          reader.doubt = false;
          return doubt;
        },
        stop,
      };
    },
  };
}

function check({ broken }: Stream): void {
  if (broken) throw broken.error;
}

class Broken extends Error {
  override readonly name = 'Broken';
  constructor(cause: unknown) {
    super('the stream of events broke', { cause });
  }
}

/**
 * The instances that an event is about, by project and name: `/1.0/instances/web?project=lab`, with a snapshot behind it or not; none where it is
 * about something else. Null where it says that it is about one and does not name it.
 */
export function namedBy(action: string, source: unknown, project: string | null, context: unknown): string[] | null {
  if (!action.startsWith('instance-')) return [];
  const url = URL.parse(asString(source) ?? '', 'http://incus');
  const [, name] = /^\/1\.0\/(?:instances|containers|virtual-machines)\/([^/]+)/.exec(url?.pathname ?? '') ?? [];
  if (!url || name === undefined) return null;
  const of = url.searchParams.get('project') ?? project ?? 'default';
  const before = action === 'instance-renamed' ? asString(asRecord(context)?.old_name) : null;
  return [...(before === null ? [] : [objectIdOf(of, before)]), objectIdOf(of, decoded(name))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
