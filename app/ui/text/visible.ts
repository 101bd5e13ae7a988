/**
 * Foreign text as it may be shown: what would be invisible, reorder its surroundings or break the layout gets a visible mark.
 * Control characters become their pictures (U+2400 block), bidi and zero-width characters become `⟨U+202E⟩`, lone surrogates U+FFFD.
 */
export function visible(text: string): string {
  if (!SUSPECT.test(text)) return text;
  return text
    .toWellFormed()
    .replace(CONTROL, (c) => String.fromCodePoint(c === '\u007f' ? 0x2421 : 0x2400 + (c.codePointAt(0) ?? 0)))
    .replace(HIDDEN, mark)
    .replace(STACKED, (run) => `${Array.from(run).slice(0, 3).join('')}…`);
}

const mark = (character: string): string =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

// Zero-width joiners inside emoji and scripts that need them stay: only those beside ASCII are marked.
const HIDDEN =
  /[\u0080-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\uffa0\ufff9-\ufffb]|\u034f|(?<=[\x20-\x7e])[\u200c\u200d]|[\u200c\u200d](?=[\x20-\x7e])|[\u{e0000}-\u{e007f}]/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this looks for
const CONTROL = /[\u0000-\u001f\u007f]/g;
// More marks on one letter than any script needs ("Zalgo").
const STACKED = /\p{M}{4,}/gu;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this looks for
const SUSPECT = /[\u0000-\u001f\u007f-\u009f\u00ad]|[^\u0000-\u02ff]/;

/** At most `limit` characters, without tearing one apart. */
export function clipped(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text
        .slice(0, limit)
        .toWellFormed()
        .replace(/\ufffd$/, '')}…`;
}

/** A label cut in its middle: of ids that are alike in front, the end tells them apart. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor((limit - 1) * 0.6);
  return `${text.slice(0, limit - 1 - tail)}…${text.slice(-tail)}`.toWellFormed();
}

/** `url` if a person may be sent there: absolute and https; anything else is null. */
export function safeLink(url: string | null): string | null {
  if (url === null) return null;
  const parsed = URL.parse(url);
  return parsed?.protocol === 'https:' && parsed.username === '' ? parsed.href : null;
}
