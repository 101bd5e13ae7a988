'use client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { StreamEvent } from '#lib/query/api.ts';
import { followStream } from './follow-stream.ts';

/** `connecting` until the first answer; `lost` since when (epoch ms) while the browser tries again. */
export type Live = { state: 'connecting' | 'live' } | { state: 'lost'; since: number };

const Context = createContext<Live>({ state: 'connecting' });
export const useLive = (): Live => useContext(Context);

/** Rows follow at once, sums and counts a little later, and none more often than this. */
const GAPS = { rows: 600, rest: 2_500 } as const;
/** Follows the stream and asks again for what is on the screen. */
export function LiveProvider({ since, children }: { since: number | null; children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ state: 'connecting' });
  useEffect(() => {
    const refresh = refresher(client);
    return followStream(since, {
      changed: refresh.changed,
      live: (again) => {
        setLive({ state: 'live' });
        if (again) refresh.everything();
      },
      lost: () => setLive((now) => (now.state === 'lost' ? now : { state: 'lost', since: Date.now() })),
      stopped: refresh.stop,
    });
  }, [client, since]);
  return <Context value={live}>{children}</Context>;
}

function refresher(client: QueryClient) {
  const ask = (keys: readonly string[]) => () => {
    for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
  };
  const rows = paced(GAPS.rows, ask(['rows', 'stack', 'machine']));
  const rest = paced(GAPS.rest, ask(['facets', 'groups', 'scopes', 'changes', 'capacity', 'identity']));
  return {
    changed({ uids }: StreamEvent) {
      rows.run();
      rest.run();
      if (uids === null) void client.invalidateQueries({ queryKey: ['detail'] });
      else for (const uid of uids) void client.invalidateQueries({ queryKey: ['detail', uid] });
    },
    everything: () => void client.invalidateQueries(),
    stop() {
      rows.stop();
      rest.stop();
    },
  };
}

/** Runs at once, then at most once a gap; the last call is never lost. */
function paced(gap: number, act: () => void): { run(): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const run = () => {
    if (timer !== undefined) {
      again = true;
      return;
    }
    act();
    timer = setTimeout(() => {
      timer = undefined;
      if (!again) return;
      again = false;
      run();
    }, gap);
  };
  return { run, stop: () => clearTimeout(timer) };
}
