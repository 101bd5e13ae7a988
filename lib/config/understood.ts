import { namesSecret } from '#lib/runtime/secrets.ts';

// What is as good as a secret in `muster.yaml`, and the path of a file that holds one, which is none.
const ALSO_SECRET = /(key|externalId)$/i;
const FILE = /file$/i;
const MAX_TEXT = 120;

/** What was read of one source's keys, for a person who checks it: amounts and plain values, never a secret. */
export function understood(keys: object): string[] {
  return Object.entries(keys).map(([key, value]) => `${key}: ${inWords(key, value)}`);
}

const isSecret = (key: string): boolean => (namesSecret(key) && !FILE.test(key)) || ALSO_SECRET.test(key);

function inWords(key: string, value: unknown): string {
  if (isSecret(key)) return '(set)';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (Array.isArray(value)) return counted(value.length, 'entry', 'entries');
  if (typeof value === 'object' && value !== null) {
    const inner = understood(value);
    return inner.length > 0 ? inner.join(', ') : '(empty)';
  }
  return '(empty)';
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
