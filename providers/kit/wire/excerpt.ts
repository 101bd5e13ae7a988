const MAX = 200;

// What stands in a reply and must not stand in a log: bearer tokens, JWTs, values under secret-looking keys, long opaque strings.
const SECRETS: readonly [RegExp, string][] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [redacted]'],
  [/\beyJ[\w-]{5,}(\.[\w-]*){0,4}/g, '[redacted]'],
  [
    /("?[\w.-]*(?:token|secret|password|passwd|credential|authorization|api_?key)[\w.-]*"?\s*[:=]\s*)"?[^",;&\s}]+"?/gi,
    '$1[redacted]',
  ],
  [/[\w+/=-]{40,}/g, '[redacted]'],
];

/** The beginning of a foreign text, fit for an error or a log: at most 200 characters, without secrets and control characters. */
export function excerpt(text: string): string {
  let safe = text.slice(0, 4 * MAX);
  for (const [pattern, by] of SECRETS) safe = safe.replace(pattern, by);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
  safe = safe.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+/g, ' ').trim();
  return safe.length > MAX ? `${safe.slice(0, MAX - 1)}…` : safe;
}
