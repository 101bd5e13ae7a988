import { MENTIONED, REDACTED, type Shape, withoutSecrets } from '#lib/runtime/secrets.ts';

const MAX = 200;

// What of a stranger's reply nobody needs word for word.
const OPAQUE: Shape = [/[\w+/=-]{40,}/g, REDACTED];

/** The beginning of a foreign text, fit for an error or a log: at most 200 characters, without secrets and control characters. */
export function excerpt(text: string): string {
  let safe = withoutSecrets(text.slice(0, 4 * MAX), [MENTIONED, OPAQUE]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  safe = safe.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+/g, ' ').trim();
  return safe.length > MAX ? `${safe.slice(0, MAX - 1)}…` : safe;
}
