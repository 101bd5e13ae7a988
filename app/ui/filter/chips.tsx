import { Fragment, type Ref } from 'react';
import { type Token, tokens } from '#lib/language/grammar/index.ts';

/** The text of the filter with its clauses drawn as chips; lies under the input, letter on letter. */
export function Chips({
  text,
  showDiagnostics,
  ref,
}: {
  text: string;
  showDiagnostics: boolean;
  ref: Ref<HTMLDivElement>;
}) {
  let at = 0;
  const parts = tokens(text).map((token) => {
    const gap = text.slice(at, token.start);
    at = token.end;
    return (
      <Fragment key={token.start}>
        {gap}
        <Chip token={token} showDiagnostics={showDiagnostics} />
      </Fragment>
    );
  });
  return (
    <div className="filter-backdrop" ref={ref} aria-hidden="true">
      {parts}
      {text.slice(at)}
    </div>
  );
}

function Chip({ token, showDiagnostics }: { token: Token; showDiagnostics: boolean }) {
  const bad = showDiagnostics && token.diagnostic !== null;
  if (token.field === null || token.op === null) {
    return <span className={`word${bad ? ' is-bad' : ''}`}>{token.text}</span>;
  }
  const value = token.field.end + token.op.length - token.start;
  return (
    <span className={`chip${token.negated ? ' is-negated' : ''}${bad ? ' is-bad' : ''}`}>
      {token.text.slice(0, value)}
      <b>{token.text.slice(value)}</b>
    </span>
  );
}
