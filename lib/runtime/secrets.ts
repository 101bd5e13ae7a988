/*
 * What a secret looks like, said once: the keys that name one, and the shapes that one has inside of a text. Who needs more (what may
 * hold a secret and is never shown, what of a stranger's text is not needed) adds a named list of its own on top, and takes nothing
 * away.
 */

export const REDACTED = '[redacted]';

/** Words that name a secret wherever they stand in a key. */
const WORDS = 'secret|token|passw|credential';
const KEYS = '(?:private|access|api|account|shared)[_.-]{0,2}key';

const NAMES = new RegExp(
  `^(?:authorization|cookie|set-cookie|pass|admin_?pass)$|(?:passw(?:or)?d|passphrase|token|credentials?|signature)$|secret|${KEYS}|connection[_.-]?string$`,
  'i',
);
const MENTIONS = new RegExp(WORDS, 'i');

/** True for a key whose value is a secret, whatever stands in it: `dbPassword`, `aws_secret_access_key`, `sessionToken`. */
export const namesSecret = (key: string): boolean => NAMES.test(key);

/** The same and every key that speaks of one: `tokenFile`, `HttpTokens`, `passwordless`. For keys whose value nobody misses. */
export const mentionsSecret = (key: string): boolean => NAMES.test(key) || MENTIONS.test(key);

/** A judge of keys that remembers: answers repeat a few hundred keys in every row, and labels bring keys without end. */
export function remembered(judge: (key: string) => boolean): (key: string) => boolean {
  const judged = new Map<string, boolean>();
  return (key) => {
    let verdict = judged.get(key);
    if (verdict === undefined) {
      if (judged.size >= 5000) judged.clear();
      verdict = judge(key);
      judged.set(key, verdict);
    }
    return verdict;
  };
}

/** A pattern, and what stands in place of what it finds. */
export type Shape = readonly [RegExp, string];

/** PEM keys, the user of an address, bearer and basic headers, JWTs, ids of AWS keys, `key=value` and `"key": "value"`. */
const SHAPES: readonly Shape[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\b(\w+:\/\/)[^\s/@]+@/g, `$1${REDACTED}@`],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{5,}(\.[\w-]*){0,4}/g, REDACTED],
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}\b/g, REDACTED],
  [
    new RegExp(
      `\\b([\\w-]*(?:passw(?:or)?d|passphrase|secret|token|${KEYS}|signature|sig)["']?\\s*[=:]\\s*)(["']?)[^\\s"',&;}]+\\2`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
];

/** The values of keys that only mention a secret as well, as {@link mentionsSecret} has them: too much for a text of ours. */
export const MENTIONED: Shape = [
  new RegExp(`("?[\\w.-]*(?:${WORDS}|authorization|${KEYS})[\\w.-]*"?\\s*[:=]\\s*)"?[^",;&\\s}]+"?`, 'gi'),
  `$1${REDACTED}`,
];

/** A text without the secrets of a known shape. Clip it afterwards: a clipped secret may have no shape any more. */
export function withoutSecrets(text: string, more: readonly Shape[] = []): string {
  let safe = text;
  for (const [shape, replacement] of [...SHAPES, ...more]) safe = safe.replace(shape, replacement);
  return safe;
}
