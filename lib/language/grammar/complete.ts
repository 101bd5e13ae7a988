import { FIELDS, findField, isGroupable } from '../fields.ts';
import { formatKey, formatText } from './format.ts';
import { LITERAL_FORM } from './literal.ts';
import type { ScannedToken } from './scan.ts';
import { scan } from './scan.ts';

/** What may stand at the caret. `start` to `end` is the text that a choice replaces. */
export interface Completion {
  expects: 'field' | 'value';
  /** The field whose value is expected: a key, `sort` or `group`; null where a field or a word is expected. */
  field: string | null;
  /** What is typed of it so far, without quotes. */
  prefix: string;
  start: number;
  end: number;
  /** What the grammar itself knows to fit, best first. Values of open sets come from the facets. */
  options: readonly string[];
  /** What a value looks like, for people; null where a field is expected. */
  form: string | null;
}

const PSEUDO = ['tag.', 'group', 'sort'];

/** Those that begin with the prefix, then those that contain it. */
function fitting(words: readonly string[], prefix: string): string[] {
  const p = prefix.toLowerCase();
  const starts = words.filter((word) => word.toLowerCase().startsWith(p));
  return [...starts, ...words.filter((word) => !starts.includes(word) && word.toLowerCase().includes(p))];
}

/** What is expected at the caret, a UTF-16 offset into the query. */
export function complete(q: string, caret: number): Completion {
  const token = scan(q).find(({ start, end }) => start <= caret && caret <= end);
  if (!token) return fieldAt(q, caret, caret, caret);
  const name = token.field;
  if (name === null || token.op === null || caret <= name.end) {
    const start = token.negated ? Math.min(token.start + 1, caret) : token.start;
    return fieldAt(q, start, caret, name !== null && token.op !== null ? name.end : token.end);
  }
  return valueAt(token, name.key, caret);
}

function fieldAt(q: string, start: number, caret: number, end: number): Completion {
  const prefix = q.slice(start, caret);
  const options = fitting([...FIELDS.map((field) => field.key), ...PSEUDO], prefix);
  return { expects: 'field', field: null, prefix, start, end, options, form: null };
}

function valueAt(token: ScannedToken, key: string, caret: number): Completion {
  const value = token.values.find(({ start, end }) => start <= caret && caret <= end);
  const prefix = value?.parts.join('*') ?? '';
  const at = { start: value?.start ?? caret, end: value?.end ?? caret };
  if (key === 'sort' || key === 'group') {
    const fields = FIELDS.filter((field) => (key === 'sort' ? field.sortable : isGroupable(field))).map(
      (field) => field.key,
    );
    const bare = prefix.replace(/^-/, '');
    const options = fitting([...fields, 'tag.'], bare).map((option) =>
      prefix.startsWith('-') ? `-${option}` : option,
    );
    return { expects: 'value', field: key, prefix, ...at, options, form: `a field to ${key} by` };
  }
  const field = findField(key);
  const options = fitting(field?.values ?? [], prefix);
  return {
    expects: 'value',
    field: field?.key ?? key,
    prefix,
    ...at,
    options,
    form: LITERAL_FORM[field?.type ?? 'text'],
  };
}

/** The query with the choice in place, and where the caret goes: behind the colon of a field, behind a value and its space. */
export function accept(q: string, completion: Completion, choice: string): { q: string; caret: number } {
  const { start, end, expects } = completion;
  const rest = q.slice(end);
  let text = expects === 'field' ? formatKey(choice) : formatChoice(completion, choice);
  if (expects === 'field' && !choice.endsWith('.') && !/^[:<>]/.test(rest)) text += ':';
  if (expects === 'value' && rest === '' && !choice.endsWith('.')) text += ' ';
  return { q: q.slice(0, start) + text + rest, caret: start + text.length };
}

function formatChoice(completion: Completion, choice: string): string {
  const descending = completion.field === 'sort' && choice.startsWith('-');
  return descending ? `-${formatText(choice.slice(1))}` : formatText(choice);
}
