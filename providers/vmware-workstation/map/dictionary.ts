/**
 * VMware's dictionary files: `.vmx`, `inventory.vmls`, `preferences.ini`. A line is `key = "value"`; keys ignore case, a value may go
 * without quotes, `|22` in it is a character by its number (a quote), `#` begins a remark. The key `.encoding` says what the bytes are.
 * Source: what Workstation writes, and libvirt's reader of the same files (src/vmx/vmx.c).
 */
export type Dictionary = ReadonlyMap<string, string>;

/** Why a file cannot be read as a dictionary; follows the file's name in a sentence. */
export class DictionaryError extends Error {
  override readonly name = 'DictionaryError';
}

const LINE = /^\s*([^\s=#"][^=]*?)\s*=\s*(?:"(.*)"|([^"]*?))\s*(?:#.*)?$/;

/** Names that VMware writes and the standard does not know by these (https://encoding.spec.whatwg.org/#names-and-labels). */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['windows-31j', 'shift_jis'],
  ['cp932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['windows-936', 'gbk'],
  ['cp936', 'gbk'],
  ['windows-949', 'euc-kr'],
  ['windows-950', 'big5'],
]);

/**
 * Reads a file's bytes. Keys of the result are in lower case; of a key that stands twice the last one counts.
 * @throws DictionaryError for an encoding that nobody knows or that the bytes are not in, and for a file without a single pair
 */
export function parseDictionary(bytes: Uint8Array): Dictionary {
  const values = new Map<string, string>();
  const lines = decodeText(bytes).split(/\r\n|\n|\r/);
  for (const line of lines) {
    const [, key, quoted, bare] = LINE.exec(line) ?? [];
    if (key !== undefined) values.set(key.toLowerCase(), unescapePipes(quoted ?? bare ?? ''));
  }
  if (values.size === 0 && lines.some((line) => line.trim() !== ''))
    throw new DictionaryError('holds no line of the form key = "value"');
  return values;
}

/** The encoding's own line is ASCII in all of them. */
function decodeText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64 * 1024)).toString('latin1');
  const said = /^\s*\.encoding\s*=\s*"?([^"\r\n]*?)"?\s*$/im.exec(head)?.[1] ?? null;
  // Without a word it is in the encoding of its system: UTF-8 today, the Western one on an older Windows.
  if (said === null) return decoded(bytes, 'utf-8') ?? decoded(bytes, 'windows-1252') ?? '';
  const label = said.toLowerCase();
  const text = decoded(bytes, ALIASES.get(label) ?? label);
  if (text === null) throw new DictionaryError('is not in the encoding that it names');
  return text;
}

/** Null where the bytes are not in this encoding. @throws DictionaryError for one that nobody knows */
function decoded(bytes: Uint8Array, label: string): string | null {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw new DictionaryError('names an encoding that is not known');
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

const unescapePipes = (value: string): string =>
  value.replace(/\|([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
