import type { ErrorKind } from '#lib/model/index.ts';
import { ProviderError } from '#providers/contract.ts';
import { excerpt } from '#providers/kit/wire/excerpt.ts';
import { REFUSED } from '../policy.ts';

/** An error that VBoxManage told. */
export class VBoxError extends ProviderError {
  /** Of COM, `0x80bb0001`; null where it told none. */
  readonly code: string | null;

  constructor(kind: ErrorKind, place: string, message: string, code: string | null) {
    super(kind, place, message);
    this.code = code;
  }
}

/** There is no VM with this UUID (any more). */
export const NOT_FOUND = '0x80bb0001';
export const UNKNOWN_VM = 'Could not find a registered machine with UUID ';
/** Of a VM: its settings cannot be read, so that nothing of it can be said. */
export const LIMITED = '0x80070005';
export const UNREADABLE_VM = 'The object functionality is limited';

/** Of a VM: somebody starts, clones or changes it. */
export const LOCKED = '0x80bb0007';

/**
 * What its words and codes mean; the first that fits wins. Codes are those of VirtualBox's and Mozilla's COM,
 * https://www.virtualbox.org/sdkref/_virtual_box_8idl.html
 */
const PHRASES: readonly (readonly [RegExp, ErrorKind, string?])[] = [
  [new RegExp(REFUSED), 'permission'],
  [/^sudo: .*password is required/m, 'auth'],
  [/^sudo: |not allowed to execute|[Pp]ermission denied/m, 'permission'],
  [/(command|VBoxManage: ?) ?not found|No such file or directory$/m, 'config', 'there is no VBoxManage'],
  [/Failed to create the VirtualBox object|COM server is not running/, 'network', 'VBoxSVC does not start'],
  [/The object is not ready|\(0x800706be\)|\(0x80004004\)/, 'network', 'VBoxSVC went away'],
  [new RegExp(`\\(${LOCKED}\\)`), 'rate-limit', 'the VM is locked'],
  [/\(0x80bb000c\)|\(0x80bb000b\)/, 'rate-limit', 'the VM is locked'],
  [new RegExp(`\\(${NOT_FOUND}\\)`), 'bad-reply'],
  [new RegExp(`\\(${LIMITED}\\)`), 'permission'],
  [/Unknown (option|command|subcommand)|Invalid (parameter|command)|Syntax error/i, 'unsupported'],
];

/**
 * The error of a VBoxManage that failed.
 * @param place names user and machine
 */
export function vboxError(stderr: string, place: string): VBoxError {
  const code = /^VBoxManage: error: (?:Details: code|Code) \S+ \((0x[0-9a-f]{8})\)/m.exec(stderr)?.[1] ?? null;
  const line = stderr.split('\n').find((text) => text.trim() !== '') ?? '';
  const said = excerpt(line.replace(/^VBoxManage: error: /, ''));
  for (const [pattern, kind, meaning] of PHRASES)
    if (pattern.test(stderr)) return new VBoxError(kind, place, meaning ? `${meaning}: ${said}` : said, code);
  return new VBoxError('bad-reply', place, said || 'expected an answer of VBoxManage, got: nothing', code);
}
