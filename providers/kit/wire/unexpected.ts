import { ProviderError } from '#providers/contract.ts';
import { excerpt } from './excerpt.ts';

/** Names of fields that are told of an object. */
const MAX_NAMES = 8;

/**
 * The error of an answer that is not what it should be: `expected a list of reservations, got an object with Message`.
 * @param got is told by its shape, a text by its redacted beginning
 */
export const unexpected = (place: string, expected: string, got: unknown): ProviderError =>
  new ProviderError('bad-reply', place, `expected ${expected}, got ${shapeOf(got)}`);

function shapeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text "${excerpt(value)}"`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const names = Object.keys(value);
  if (names.length === 0) return 'an empty object';
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `an object with ${excerpt(names.slice(0, MAX_NAMES).join(', '))}${more}`;
}
