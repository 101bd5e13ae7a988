'use client';
import { useEffect, useState } from 'react';
import { Icon } from '../shell/icons.tsx';

const SHOWN_MS = 1_500;

export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    // Without https or on an unfocused page the browser has no clipboard.
    navigator.clipboard
      ? navigator.clipboard.writeText(text).then(
          () => setState('copied'),
          () => setState('refused'),
        )
      : setState('refused');
  return (
    <button type="button" className="icon-button" onClick={copy} title={`Copy ${what}`}>
      <Icon name={state === 'copied' ? 'check' : 'copy'} size={13} />
      <span className="sr-only" aria-live="polite">
        {state === 'copied' ? 'copied' : state === 'refused' ? 'could not be copied' : `Copy ${what}`}
      </span>
    </button>
  );
}
