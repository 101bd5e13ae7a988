import { labelOf } from '#lib/language/fields.ts';
import type { DetailError } from '#lib/model/index.ts';
import { Foreign } from './foreign.tsx';
import { failureOf } from './not-known.ts';
import { TimeAgo } from './time-ago.tsx';

/** Fields, the call that fails and would tell them, and since when; a call may fail that tells none of a row. */
export function DetailFailure({ error, lead }: { error: DetailError; lead: string }) {
  const labels = [...new Set(error.fields.map(labelOf))].join(', ');
  return (
    <span>
      {labels === '' ? null : `${lead}${labels}. `}
      <Foreign text={failureOf(error)} limit={300} />, since <TimeAgo iso={error.since} />
    </span>
  );
}
