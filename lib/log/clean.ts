import { stripVTControlCharacters } from 'node:util';
import { namesSecret, REDACTED, withoutSecrets } from '#lib/runtime/secrets.ts';

const MAX_STRING = 500;
const MAX_ITEMS = 50;
const MAX_DEPTH = 6;
// A file whose whole content is one.
const ALSO_SECRET = /^kubeconfig$/i;

// What is left of controls after the escape sequences: forged lines, directions, marks that hide text.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]+/gu;

/** Foreign text as one harmless line: no control or escape characters, no secret of a known shape, at most 500 characters. */
export function cleanText(text: string): string {
  // Secrets before the clip: a clipped secret may have no shape any more.
  let line = text.length > 4_000 ? text.slice(0, 4_000) : text;
  line = stripVTControlCharacters(withoutSecrets(line)).replace(CONTROLS, ' ').toWellFormed().trim();
  return line.length > MAX_STRING ? `${line.slice(0, MAX_STRING)}…` : line;
}

/** Copies a field of a log line without secrets and without anything that could forge a line or move a terminal's cursor. */
export function cleanValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value === 'bigint' || typeof value === 'symbol') return cleanText(String(value));
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof Error) return cleanError(value);
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => cleanValue(item, depth + 1));
  const copy: { [key: string]: unknown } = Object.create(null);
  for (const [key, item] of Object.entries(value).slice(0, MAX_ITEMS)) {
    copy[cleanText(key)] =
      namesSecret(key) || ALSO_SECRET.test(key)
        ? REDACTED
        : cleanValue(key === 'error' ? thrown(item) : item, depth + 1);
  }
  return copy;
}

/** What was thrown and is no error could be anything: only its type is told. */
const thrown = (value: unknown): unknown => (value instanceof Error ? value : `[${typeof value}]`);

/** Name, code and places of an error. Its message stays out: SDKs put requests, headers and bodies into it. */
function cleanError(error: Error): object {
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? '').slice(error.message.length).match(/^ {4}at .+$/gm) ?? [];
  return {
    name: cleanText(error.name),
    ...(typeof code === 'string' || typeof code === 'number' ? { code: cleanText(String(code)) } : {}),
    at: frames.slice(0, 8).map((frame) => cleanText(frame.trim())),
    ...(error.cause instanceof Error ? { cause: cleanText(error.cause.name) } : {}),
  };
}
