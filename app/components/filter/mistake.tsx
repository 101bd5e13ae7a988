import { Foreign } from '../text/foreign.tsx';

interface Props {
  id: string;
  text: string;
  /** The list still shows the filter before this one. */
  kept: boolean;
  mistake: {
    position?: number | undefined;
    length?: number | undefined;
    expected?: string | undefined;
    detail?: string;
  };
}

/** Where the filter cannot be read and what was expected there; the last good result stays on the screen. */
export function Mistake({ id, text, kept, mistake }: Props) {
  const { position = 0, length = 0 } = mistake;
  const place = text.slice(position, position + length);
  return (
    <div className="mistake" id={id} role="alert">
      <span className="mistake-place">
        at {position + 1}
        {place.trim() === '' ? null : (
          <>
            {', '}
            <Foreign className="mono" text={place} limit={60} />
          </>
        )}
      </span>
      <span>expected {mistake.expected ?? mistake.detail}</span>
      {kept ? <span className="mistake-note">the list still shows the last filter that could be read</span> : null}
    </div>
  );
}
