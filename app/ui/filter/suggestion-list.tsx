import { Foreign } from '../text/foreign.tsx';
import { count } from '../text/format.ts';
import type { Suggestion } from './use-suggestions.ts';

interface Props {
  id: string;
  suggestions: readonly Suggestion[];
  active: number;
  /** What a value looks like, where one is expected. */
  form: string | null;
  onPick(suggestion: Suggestion): void;
}

/** `a value` says nothing that the list does not. */
const PLAIN = /^a (value|text)$/;

export const optionId = (list: string, index: number): string => `${list}-${index}`;

/** What may stand at the caret. The input keeps the focus; a press must not take it away. */
export function SuggestionList({ id, suggestions, active, form, onPick }: Props) {
  return (
    <div className="suggestions">
      <div role="listbox" id={id} aria-label="Suggestions">
        {suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus
          <div
            key={suggestion.choice}
            role="option"
            id={optionId(id, index)}
            aria-selected={index === active}
            className={`suggestion${index === active ? ' is-active' : ''}`}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(suggestion)}
          >
            <Foreign className="mono" text={suggestion.label} limit={80} />
            <span className="suggestion-detail">{suggestion.detail}</span>
            {suggestion.count === null ? null : <span className="suggestion-count">{count(suggestion.count)}</span>}
          </div>
        ))}
      </div>
      {form === null || PLAIN.test(form) ? null : <div className="suggestion-form">{form}</div>}
    </div>
  );
}
