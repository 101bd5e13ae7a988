import { Foreign } from '../text/foreign.tsx';

interface Props {
  id: string;
  text: string;
  /** The list still shows the filter before this one. */
  kept: boolean;
  diagnostic: {
    position?: number | undefined;
    length?: number | undefined;
    expected?: string | undefined;
    detail?: string;
  };
}

/** Where the filter cannot be read and what was expected there; the last good result stays on the screen. */
export function Diagnostic({ id, text, kept, diagnostic }: Props) {
  const { position = 0, length = 0 } = diagnostic;
  const place = text.slice(position, position + length);
  return (
    <div className="diagnostic" id={id} role="alert">
      <span className="diagnostic-place">
        at {position + 1}
        {place.trim() === '' ? null : (
          <>
            {', '}
            <Foreign className="mono" text={place} limit={60} />
          </>
        )}
      </span>
      <span>expected {diagnostic.expected ?? diagnostic.detail}</span>
      {kept ? <span className="diagnostic-note">the list still shows the last filter that could be read</span> : null}
    </div>
  );
}
