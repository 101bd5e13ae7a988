import type { z } from 'zod';
import type { Path } from './yaml-file.ts';

interface Expectation {
  path: Path;
  expected: string;
}

const WORDS: { readonly [type: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
};
const words = (type: string): string => WORDS[type] ?? type;

/** What should have stood where the schema stumbled: one or, for keys that do not exist, several. The value is never in it. */
export function expectation(issue: z.core.$ZodIssue): Expectation[] {
  const { path } = issue;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], expected: 'no such key' }));
    case 'invalid_type':
      return [{ path, expected: isOurs(issue.message) ? ours(issue.message) : words(issue.expected) }];
    case 'invalid_value':
      return [
        {
          path,
          expected: isOurs(issue.message) ? ours(issue.message) : `one of ${issue.values.map(String).join(', ')}`,
        },
      ];
    case 'too_small':
      return [{ path, expected: isOurs(issue.message) ? ours(issue.message) : `at least ${issue.minimum}` }];
    case 'too_big':
      return [{ path, expected: isOurs(issue.message) ? ours(issue.message) : `at most ${issue.maximum}` }];
    case 'invalid_format':
      return [{ path, expected: isOurs(issue.message) ? ours(issue.message) : `a valid ${issue.format}` }];
    case 'not_multiple_of':
      return [{ path, expected: `a multiple of ${issue.divisor}` }];
    case 'invalid_union':
      return ofUnion(issue);
    case 'custom':
    case 'invalid_key':
    case 'invalid_element':
      return [{ path, expected: ownWords(issue.message) }];
  }
}

/** A union is told by the branch that came closest: the one whose first problem lies deepest. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion): Expectation[] {
  const branches = issue.errors.map((branch) => branch.flatMap((inner) => expectation(inner)));
  const best = branches.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (!best || depth(best) === 0) {
    const choices = [...new Set(branches.flat().map((inner) => inner.expected))];
    return [{ path: issue.path, expected: choices.length > 0 ? choices.join(' or ') : ownWords(issue.message) }];
  }
  return best.map((inner) => ({ path: [...issue.path, ...inner.path], expected: inner.expected }));
}

const depth = (branch: readonly Expectation[]): number => Math.max(0, ...branch.map(({ path }) => path.length));

// zod's own sentences begin so; a schema's own message says what was expected.
const isOurs = (message: string): boolean => !/^(Invalid|Too (small|big)|Unrecognized)/.test(message);
const ours = (message: string): string => message.replace(/^expected /i, '');
const ownWords = (message: string): string => (isOurs(message) ? ours(message) : 'another value');
