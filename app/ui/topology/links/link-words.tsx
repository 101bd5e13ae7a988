import type { Confidence, Link } from '#lib/model/index.ts';
import { Foreign } from '../../text/foreign.tsx';
import { EVIDENCE_WORDS, evidenceValue } from './evidence.ts';

/** The evidence of a link, what it says, and how sure it is. `names` tells guests by their names where it has them. */
export function LinkWords({ link, names }: { link: Link; names?: ReadonlyMap<string, string> }) {
  const value = (link.evidence === 'guests' && names?.get(link.value)) || evidenceValue(link);
  return (
    <span className="link-words">
      <span>{EVIDENCE_WORDS[link.evidence]}</span>
      <Foreign className={link.evidence === 'person' ? 'quoted' : 'mono'} text={value} limit={90} />
      {link.note === null ? null : <Foreign className="note" text={link.note} limit={90} />}
      <ConfidenceWord confidence={link.confidence} />
    </span>
  );
}

const MEANS: Readonly<Record<Confidence, string>> = {
  certain: 'counted as one machine',
  likely: 'counted twice until a person confirms it',
  possible: 'counted twice; a hint and no more',
};

export function ConfidenceWord({ confidence }: { confidence: Confidence }) {
  return (
    <span className={`confidence is-${confidence}`} title={MEANS[confidence]}>
      {confidence}
    </span>
  );
}
