'use client';
import { useMutation } from '@tanstack/react-query';
import { requestRefresh } from '../data/api.ts';
import { Icon } from '../shell/icons.tsx';

/** Asks the collector for a new listing; the rows follow by the stream when it is done. */
export function RefreshButton({ scope, label }: { scope: string; label: string }) {
  const refresh = useMutation({ mutationFn: () => requestRefresh(scope) });
  const said = refresh.isError ? refresh.error.message : refresh.isSuccess ? 'asked for' : label;
  return (
    <button
      type="button"
      className={`button is-small${refresh.isError ? ' is-bad' : ''}`}
      disabled={refresh.isPending}
      title={said}
      onClick={() => refresh.mutate()}
    >
      <Icon name={refresh.isSuccess ? 'check' : 'refresh'} size={13} />
      {refresh.isError ? 'not possible' : said}
    </button>
  );
}
