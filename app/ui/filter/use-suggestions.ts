'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { findField } from '#lib/language/fields.ts';
import { type Completion, complete, withoutClause } from '#lib/language/grammar/index.ts';
import type facets from '#lib/questions/facets.ts';
import { queryFor } from '../data/api.ts';
import { tagKeysIn } from './tag-keys.ts';

export interface Suggestion {
  /** What {@link accept} gets. */
  choice: string;
  label: string;
  detail: string;
  count: number | null;
}

const MOST = 9;
const FIRST_FIELDS = ['provider', 'kind', 'state', 'region', 'type', 'tag.', 'vcpus', 'memory', 'age'];

/** What may stand at the caret: fields and words of the grammar, values with their counts in what the rest of the filter leaves. */
export function useSuggestions(text: string, caret: number, open: boolean) {
  const completion = useMemo(() => complete(text, caret), [text, caret]);
  const field = completion.expects === 'value' && completion.field ? findField(completion.field) : null;
  const counted = open && field?.facet === true ? field.key : null;
  const rest = counted === null ? '' : withoutClause(text, counted);
  const values = useQuery({
    ...queryFor<typeof facets>('/facets', { q: rest, fields: counted === null ? [] : [counted] }),
    enabled: counted !== null,
    retry: false,
  });
  const client = useQueryClient();
  const wantsTags = open && completion.expects === 'field';
  const tags = useMemo(() => (wantsTags ? tagKeysIn(client) : []), [client, wantsTags]);
  const found = counted === null ? undefined : values.data?.facets[counted];
  const suggestions = useMemo(
    () => (open ? suggest(completion, found, tags).slice(0, MOST) : []),
    [open, completion, found, tags],
  );
  return { completion, suggestions };
}

type Counts = readonly { value: string; count: number }[] | undefined;

function suggest(completion: Completion, counts: Counts, tags: readonly string[]): Suggestion[] {
  const prefix = completion.prefix.toLowerCase();
  if (completion.expects === 'field') {
    const keys =
      prefix === ''
        ? FIRST_FIELDS
        : [...completion.options, ...tags.filter((key) => key.toLowerCase().includes(prefix))];
    return keys.map((key) => ({ choice: key, label: key, detail: helpOf(key), count: null }));
  }
  if (!counts)
    return completion.options.map((choice) => ({ choice, label: choice, detail: helpOf(choice), count: null }));
  return counts
    .filter(({ value }) => value.toLowerCase().includes(prefix))
    .map(({ value, count }) => ({ choice: value, label: value === '' ? 'not set' : value, detail: '', count }));
}

function helpOf(key: string): string {
  if (key === 'tag.') return 'A tag or label by its key, tag.team';
  if (key === 'group') return 'Sums by the values of a field';
  if (key === 'sort') return 'Order, - in front for descending';
  return findField(key)?.help ?? '';
}
