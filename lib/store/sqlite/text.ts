const ESCAPE = '\u0001';

/**
 * A string as SQLite text. UTF-8 has no lone surrogates (two different uids would become one) and SQLite's functions stop at
 * NUL; such strings are stored as JSON behind a control character, all others as they are. Injective.
 */
export function toText(value: string): string {
  if (value.isWellFormed() && !value.includes('\0') && !value.startsWith(ESCAPE)) return value;
  return ESCAPE + JSON.stringify(value);
}

/** The inverse of {@link toText}. */
export function fromText(text: string): string {
  return text.startsWith(ESCAPE) ? JSON.parse(text.slice(ESCAPE.length)) : text;
}

export const toNullableText = (value: string | null) => (value === null ? null : toText(value));
export const fromNullableText = (text: string | null) => (text === null ? null : fromText(text));
