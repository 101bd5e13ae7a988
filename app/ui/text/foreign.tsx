import { clipped, visible } from './visible.ts';

const SHOWN = 240;
const REVEALED = 2_000;

/** Text from outside, isolated from the direction of its surroundings, clipped; the title reveals the rest. */
export function Foreign({ text, className, limit = SHOWN }: { text: string; className?: string; limit?: number }) {
  const whole = visible(text.length > REVEALED ? clipped(text, REVEALED) : text);
  return (
    <bdi className={className} title={whole}>
      {clipped(whole, limit)}
    </bdi>
  );
}
