import { globSync } from 'node:fs';
import { ensurePackages } from '../machine/debian.ts';

/**
 * The suites run once more at this moment: on a leap day, in summer time half a day ahead of UTC, half an hour before the month ends there
 * and longer before it ends in UTC. A test that reads two clocks, or lays its days on those of the machine, does not survive it.
 */
export const OTHER_DATE = Date.parse('2028-02-29T23:30:00+13:00');
export const OTHER_ZONE = 'Pacific/Auckland';

/** Vitest's mode, by which vitest.config.ts knows the run. */
export const OTHER_MODE = 'other-date';

/** libfaketime's library, which shows a process another date; Debian's where it can be installed. */
export function ensureFaketime(): { library: string } | { missing: string } {
  const missing = ensurePackages({ faketime: '/usr/bin/faketime' });
  const [library] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  return library ? { library } : { missing: missing ?? 'libfaketimeMT.so.1 under /usr/lib' };
}

/**
 * The variables under which a process and all that it starts see the other date. Their difference to the real time is fixed here, once: each
 * would begin at the moment anew otherwise. Waiting takes as long as ever.
 * @param now real time, epoch ms
 */
export function atOtherDate(library: string, now: number): Record<string, string> {
  return {
    LD_PRELOAD: library,
    FAKETIME: `+${Math.round((OTHER_DATE - now) / 1000)}s`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    TZ: OTHER_ZONE,
  };
}
