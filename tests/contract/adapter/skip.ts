import { it } from 'vitest';
import type { AdapterCase, Skippable } from '../adapter-case.ts';

/** A test that a provider may leave out; the reason stands in the report. */
export function unless<C, Row>(c: AdapterCase<C, Row>, part: Skippable, title: string, run: () => Promise<void>): void {
  const reason = c.skip?.[part];
  if (reason) it.skip(`${title} (left out: ${reason})`, run);
  else it(title, run);
}
