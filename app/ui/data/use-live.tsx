'use client';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { StreamEvent } from '#lib/api/resources.ts';
import type machine from '#lib/questions/machine.ts';
import type permissions from '#lib/questions/permissions.ts';
import type resource from '#lib/questions/resource.ts';
import type resources from '#lib/questions/resources.ts';
import type stack from '#lib/questions/stack.ts';
import type tree from '#lib/questions/tree.ts';
import { keyOf } from './api.ts';
import { followStream } from './follow-stream.ts';

/** `connecting` until the first answer; `lost` since when (epoch ms) while the browser tries again. */
export type Live = { state: 'connecting' | 'live' } | { state: 'lost'; since: number };

const Context = createContext<Live>({ state: 'connecting' });
export const useLive = (): Live => useContext(Context);

/** Rows follow at once, all else a little later, and none more often than this. */
const GAPS = { rows: 600, rest: 2_500 } as const;
const ROWS = [
  keyOf<typeof resources>('/resources'),
  keyOf<typeof tree>('/tree'),
  keyOf<typeof stack>('/resources/{uid}/stack'),
  keyOf<typeof machine>('/machines/{uid}'),
];
const [DETAIL] = keyOf<typeof resource>('/resources/{uid}');
/** What is seen of permissions changes without a revision, and is asked for at its own pace. */
const [PERMISSIONS] = keyOf<typeof permissions>('/permissions');
const APART: readonly unknown[] = [...ROWS.flat(), DETAIL, PERMISSIONS];

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
  const rows = paced(GAPS.rows, () => {
    for (const queryKey of ROWS) void client.invalidateQueries({ queryKey });
  });
  const rest = paced(GAPS.rest, () => {
    void client.invalidateQueries({ predicate: ({ queryKey }) => !APART.includes(queryKey[0]) });
  });
  return {
    changed({ uids }: StreamEvent) {
      rows.run();
      rest.run();
      if (uids === null) void client.invalidateQueries({ queryKey: [DETAIL] });
      else for (const uid of uids) void client.invalidateQueries({ queryKey: [DETAIL, { uid }] });
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
