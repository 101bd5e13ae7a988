import type { StreamEvent } from '#lib/api/resources.ts';

interface Follower {
  changed(event: StreamEvent): void;
  /** `again` after a loss: something may have been missed. */
  live(again: boolean): void;
  lost(): void;
  stopped(): void;
}

/** A page that was hidden this long has missed things, whatever its stream says. */
const ASLEEP_MS = 60_000;
/** The browser comes back by itself after a network error, but not after an answer that was no stream. */
const REFUSED_MS = 5_000;

/** Follows `/api/v1/stream` through losses, sleep and refusals. Returns how to stop. */
export function followStream(since: number | null, follower: Follower): () => void {
  let stream: EventSource | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let lost = false;
  let hiddenAt = 0;

  const connect = () => {
    clearTimeout(retry);
    stream?.close();
    const opened = new EventSource(`/api/v1/stream${since === null ? '' : `?since=${since}`}`);
    stream = opened;
    opened.addEventListener('open', () => {
      follower.live(lost);
      lost = false;
    });
    opened.addEventListener('change', (message) => follower.changed(JSON.parse(message.data) as StreamEvent));
    opened.addEventListener('error', () => {
      lose();
      if (opened.readyState === EventSource.CLOSED) retry = setTimeout(connect, REFUSED_MS);
    });
  };
  const lose = () => {
    lost = true;
    follower.lost();
  };
  const woke = () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt > 0 && Date.now() - hiddenAt > ASLEEP_MS) {
      lost = true;
      connect();
    }
  };
  connect();
  // A cut cable leaves the stream open for minutes; the browser knows at once.
  addEventListener('offline', lose);
  addEventListener('online', connect);
  document.addEventListener('visibilitychange', woke);
  return () => {
    removeEventListener('offline', lose);
    removeEventListener('online', connect);
    document.removeEventListener('visibilitychange', woke);
    clearTimeout(retry);
    stream?.close();
    follower.stopped();
  };
}
