'use client';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { Problem } from '#lib/api/resources.ts';
import { accept, tokens } from '#lib/language/grammar/index.ts';
import { Icon } from '../shell/icons.tsx';
import { useView } from '../view/view-provider.tsx';
import { Chips } from './chips.tsx';
import { Diagnostic } from './diagnostic.tsx';
import { optionId, SuggestionList } from './suggestion-list.tsx';
import { useFilterText } from './use-filter-text.ts';
import { type Suggestion, useSuggestions } from './use-suggestions.ts';

/** The filter: its text is the grammar, its clauses are drawn as chips, and it stays text that one can edit anywhere. */
export function FilterBar({ refused }: { refused: Problem | null }) {
  const { view } = useView();
  const filter = useFilterText();
  const input = useRef<HTMLInputElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState(view.q.length);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  /** Diagnostics are shown once the reader stops: half of a clause is none yet. */
  const [strict, setStrict] = useState(true);
  const list = useId();
  const { completion, suggestions } = useSuggestions(filter.text, caret, open);
  const listed = open && suggestions.length > 0;
  useSlash(input);

  const toCaret = (at: number) => {
    setCaret(at);
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  const pick = (suggestion: Suggestion) => {
    const next = accept(filter.text, completion, suggestion.choice);
    filter.set(next.q);
    setActive(-1);
    setOpen(true);
    toCaret(next.caret);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = listed ? suggestions[active] : undefined;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const by = event.key === 'ArrowDown' ? 1 : -1;
      setActive((now) => Math.max(-1, Math.min(suggestions.length - 1, now + by)));
    } else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) {
      event.preventDefault();
      pick(chosen);
    } else if (event.key === 'Enter') {
      setStrict(true);
      if (filter.commit(filter.text)) setOpen(false);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (listed) setOpen(false);
      else if (filter.text !== '') filter.set('');
      else input.current?.blur();
    }
  };

  const diagnostic = tokens(filter.text).find((token) => token.diagnostic !== null)?.diagnostic ?? null;
  const shown = strict ? (diagnostic ?? (refused && filter.text.trim() === view.q ? refused : null)) : null;
  return (
    <search className={`filter${view.q === '' ? '' : ' is-active'}${shown ? ' is-bad' : ''}`}>
      <Icon name="search" />
      <div className="filter-text">
        <Chips text={filter.text} showDiagnostics={strict} ref={backdrop} />
        <input
          ref={input}
          className="filter-input"
          role="combobox"
          aria-label="Filter"
          aria-expanded={listed}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={listed && active >= 0 ? optionId(list, active) : undefined}
          aria-invalid={shown !== null}
          aria-describedby={shown ? `${list}-diagnostic` : undefined}
          placeholder="Filter: words, or clauses such as state:failed, provider:aws,gcp, vcpus>16, tag.team:search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={4096}
          value={filter.text}
          onChange={(event) => {
            const at = event.target.selectionStart ?? event.target.value.length;
            setCaret(at);
            setActive(-1);
            setOpen(true);
            setStrict(false);
            filter.type(event.target.value, at);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onScroll={(event) => {
            if (backdrop.current) backdrop.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          onFocus={filter.begin}
          onClick={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            setStrict(true);
            filter.commit(filter.text);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {filter.text === '' ? (
        <kbd title="Press / to filter">/</kbd>
      ) : (
        <button
          type="button"
          className="filter-clear"
          onClick={() => {
            filter.set('');
            input.current?.focus();
          }}
        >
          <Icon name="close" size={14} />
          <span className="sr-only">Clear the filter</span>
        </button>
      )}
      {listed ? (
        <SuggestionList id={list} suggestions={suggestions} active={active} form={completion.form} onPick={pick} />
      ) : null}
      {shown && !listed ? (
        <Diagnostic
          id={`${list}-diagnostic`}
          diagnostic={shown}
          text={filter.text}
          kept={filter.text.trim() !== view.q}
        />
      ) : null}
    </search>
  );
}

/** `/` goes to the filter from anywhere that is not a text field already. */
function useSlash(input: { current: HTMLInputElement | null }) {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const inText = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || inText) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [input]);
}
