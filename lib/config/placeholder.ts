import { mentionsSecret } from '#lib/runtime/secrets.ts';
import type { Path } from './yaml-file.ts';

// What people leave in files that they copy: never a name or secret of anything real.
const ANYWHERE =
  /^(change[-_ ]?(me|it|this)|replace[-_ ]?(me|this)|to[-_ ]?do|fill[-_ ]?(me[-_ ]?)?in|place[-_ ]?holder|x{3,}|\*{3,}|\.{3}|<[^<>]*>|your[-_ ].+)$/i;
const AS_SECRET = /^(password|passw0rd|secret|token|test|example|dummy|default|admin|none|12345\d*)$/i;

/** Paths of texts that are placeholders instead of values. */
export function placeholders(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') {
    const text = value.trim();
    const key = String(path.findLast((step) => typeof step === 'string') ?? '');
    return ANYWHERE.test(text) || (mentionsSecret(key) && AS_SECRET.test(text)) ? [path] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, item]) => placeholders(item, [...path, key]));
}
