import type { StoreError } from '#lib/store/index.ts';

/** How the collector ends, after sysexits.h. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** EX_DATAERR: the file is not ours, newer, damaged or changed: it is left alone until a person decides. */
  data: 65,
  /** EX_IOERR: the store cannot be read or written. */
  io: 74,
  /** EX_TEMPFAIL: another collector holds the store. */
  temporary: 75,
  /** EX_CONFIG */
  config: 78,
} as const;

export function exitCodeOf({ refusal }: StoreError): number {
  switch (refusal) {
    case 'locked':
      return EXIT.temporary;
    case 'not-ours':
    case 'newer':
    case 'older':
    case 'corrupt':
    case 'checksum':
      return EXIT.data;
    case 'not-writable':
    case 'missing':
      return EXIT.io;
    default:
      return refusal satisfies never;
  }
}
