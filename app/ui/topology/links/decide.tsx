'use client';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useDecide, type Verdict } from './use-decisions.ts';

interface Props {
  a: string;
  b: string;
  verdicts: readonly Verdict[];
  /** Of the two, for a screen reader: which pair the buttons are about. */
  about: string;
}

const WORDS: Readonly<Record<Verdict, { act: string; done: string; means: string }>> = {
  join: { act: 'Join', done: 'Joined', means: 'They are one machine and count once' },
  split: { act: 'Split', done: 'Split', means: 'They are two machines, whatever the evidence says' },
};
const MOST = 500;

/** A person's word on two rows: join or split, with a reason. What was typed stays when it could not be kept. */
export function Decide({ a, b, verdicts, about }: Props) {
  const [chosen, setChosen] = useState<Verdict | null>(null);
  const box = useRef<HTMLSpanElement>(null);
  const cancel = () => {
    setChosen(null);
    requestAnimationFrame(() => box.current?.querySelector('button')?.focus());
  };
  if (chosen !== null) return <ReasonForm {...{ a, b, about, box }} verdict={chosen} onCancel={cancel} />;
  return (
    <span className="decide" ref={box}>
      {verdicts.map((verdict) => (
        <button
          key={verdict}
          type="button"
          className="button is-small"
          title={WORDS[verdict].means}
          onClick={() => setChosen(verdict)}
        >
          {WORDS[verdict].act}
          <span className="sr-only"> {about}</span>
        </button>
      ))}
    </span>
  );
}

interface FormProps extends Omit<Props, 'verdicts'> {
  verdict: Verdict;
  box: RefObject<HTMLSpanElement | null>;
  onCancel(): void;
}

function ReasonForm({ a, b, about, verdict, box, onCancel }: FormProps) {
  const [reason, setReason] = useState('');
  const field = useId();
  const input = useRef<HTMLInputElement>(null);
  const decision = useDecide(a, b);
  const { act, done, means } = WORDS[verdict];
  useEffect(() => input.current?.focus(), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onCancel();
  };
  const submit = () => {
    if (reason.trim() === '' || decision.isPending) return;
    // The row leaves with its question: the focus stays with the list that it was in.
    const place = box.current?.closest<HTMLElement>('[tabindex="0"]');
    decision.mutate({ verdict, reason: reason.trim() }, { onSuccess: () => place?.focus() });
  };
  if (decision.isSuccess) {
    return (
      <span className="decide" role="status">
        {done}. The figures follow.
      </span>
    );
  }
  return (
    <span className="decide" ref={box}>
      <form
        className="decide-form"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label htmlFor={field} title={means}>
          Why {act.toLowerCase()}
          <span className="sr-only"> {about}</span>
        </label>
        <input
          id={field}
          ref={input}
          className="field"
          value={reason}
          maxLength={MOST}
          required
          autoComplete="off"
          placeholder="one line for those who come after"
          aria-describedby={decision.isError ? `${field}-error` : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
        <button type="submit" className="button is-small is-on" disabled={decision.isPending}>
          {decision.isPending ? 'Keeping' : act}
        </button>
        <button type="button" className="button is-small" onClick={onCancel}>
          Cancel
        </button>
      </form>
      {decision.isError ? (
        <span className="decide-error" role="alert" id={`${field}-error`}>
          {decision.error.message}
        </span>
      ) : null}
    </span>
  );
}
