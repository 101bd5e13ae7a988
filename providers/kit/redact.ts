import type { JsonValue } from '#lib/model/index.ts';
import { namesSecret, REDACTED, remembered } from '#lib/runtime/secrets.ts';
import { put } from './put.ts';

// What may hold secrets, wherever it stands in a provider's answer.
const MAY_HOLD_SECRETS =
  /^(env|envFrom|userData|user_data|customData|metadata\.items|managedFields|kubectl\.kubernetes\.io\/last-applied-configuration|sshPublicKeys|ssh-keys|startup-script|protectedSettings)$/i;

/** True for a key whose value must not be stored, wherever it stands. */
const isSecret = remembered((key) => namesSecret(key) || MAY_HOLD_SECRETS.test(key));

/** A pair whose key and value are somebody's own words: under a key that says so, the value is a secret. `env` says where it belongs. */
export const withoutSecret = ([key, value]: readonly [string, string]): [string, string] => [
  key,
  isSecret(key) && key.toLowerCase() !== 'env' ? REDACTED : value,
];

const MAX_STRING = 4096;
const MAX_ITEMS = 500;
const MAX_DEPTH = 24;

/**
 * Copies a provider's answer without what must never be stored: values under secret keys become `"[redacted]"`, long strings and
 * lists are clipped, `undefined` is dropped, dates become ISO strings. `drop` names further keys to leave out entirely.
 */
export function redact(value: unknown, drop: ReadonlySet<string> = new Set(), depth = 0): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…` : value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => redact(item, drop, depth + 1));
  const copy: { [key: string]: JsonValue } = {};
  for (const key of Object.keys(value)) {
    const item: unknown = Reflect.get(value, key);
    if (item === undefined || drop.has(key)) continue;
    put(copy, key, isSecret(key) ? REDACTED : redact(item, drop, depth + 1));
  }
  return copy;
}
