'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import type { StackAnswer } from '#lib/api/stack.ts';
import { StateCell } from '../../cells/state-cell.tsx';
import { LiveProvider } from '../../data/use-live.tsx';
import { Icon } from '../../shell/icons.tsx';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Foreign } from '../../text/foreign.tsx';
import { wayBack } from '../../view/place.ts';
import { rowAddress } from '../links/address.ts';
import { Beside } from './beside.tsx';
import { GuestGroups } from './guest-groups.tsx';
import { Questions } from './questions.tsx';
import { stackQuery } from './stack-query.ts';
import { StackView } from './stack-view.tsx';
import { aboveWords } from './words.ts';

export interface FirstStack {
  revision: number;
  stack: StackAnswer | null;
}

/** What a resource runs on and what runs on it. `first` is a {@link FirstStack} as JSON. */
export function StackPage({ uid, first }: { uid: string; first: string }) {
  const client = useQueryClient();
  const [revision] = useState(() => {
    const answer = JSON.parse(first) as FirstStack;
    client.setQueryData(stackQuery(uid).queryKey, answer.stack);
    return answer.revision;
  });
  return (
    <LiveProvider since={revision}>
      <StackOf uid={uid} />
    </LiveProvider>
  );
}

function StackOf({ uid }: { uid: string }) {
  const { data, error, dataUpdatedAt } = useQuery(stackQuery(uid));
  const item = data?.self.items.find((one) => one.uid === uid);
  useEscape(uid);
  return (
    <PageFrame
      error={error}
      updatedAt={dataUpdatedAt}
      head={
        <>
          <BackLink uid={uid} />
          <h1>
            {item ? <Foreign text={item.name || item.nativeId} limit={120} /> : 'Stack'}
            {item ? <span className="sr-only">, stack</span> : null}
          </h1>
          {item ? <StateCell item={item} /> : null}
          {data && data.above.groups.length > 0 ? <p className="page-note">runs {aboveWords(data.above)}</p> : null}
          {item ? (
            <Link href={rowAddress(uid)} prefetch={false} className="button is-small">
              All of its details
            </Link>
          ) : null}
        </>
      }
    >
      {data ? <Body uid={uid} stack={data} /> : <Missing uid={uid} />}
    </PageFrame>
  );
}

function Body({ uid, stack }: { uid: string; stack: StackAnswer }): ReactNode {
  const host = stack.below[0];
  return (
    <div className="stack-body">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="stack-view" tabIndex={0} aria-label="What it stands on">
        <StackView uid={uid} stack={stack} />
        <Questions stack={stack} />
      </section>
      {stack.above.groups.length === 0 && host ? (
        <Beside uid={uid} host={host} />
      ) : (
        <GuestGroups title="Runs on it" above={stack.above} marked={uid} />
      )}
    </div>
  );
}

function Missing({ uid }: { uid: string }) {
  return (
    <div className="state-page" role="status">
      <h2>There is no such resource now</h2>
      <p>It has disappeared, or its uid is another one. What is remembered of it stands in its details.</p>
      <Link href={uid === '' ? '/' : rowAddress(uid)} prefetch={false} className="button">
        {uid === '' ? 'To the fleet' : 'Its details'}
      </Link>
    </div>
  );
}

/** The list as it was left, or with this row open where it has not been seen yet. */
const listBefore = (uid: string): string => wayBack() ?? (uid === '' ? '/' : rowAddress(uid));

function BackLink({ uid }: { uid: string }) {
  // Of the server's picture nobody has left a list yet.
  const [href, setHref] = useState(uid === '' ? '/' : rowAddress(uid));
  useEffect(() => setHref(listBefore(uid)), [uid]);
  return (
    <Link href={href} prefetch={false} className="link back" title="Back to the list (Esc)">
      <Icon name="left" size={14} />
      Fleet
    </Link>
  );
}

function useEscape(uid: string) {
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const inText = event.target instanceof HTMLElement && event.target.tagName === 'INPUT';
      if (event.key === 'Escape' && !event.defaultPrevented && !inText) router.push(listBefore(uid));
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [router, uid]);
}
