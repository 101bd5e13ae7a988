import { expect, it } from 'vitest';
import { excerpt } from './excerpt.ts';

it.each([
  ['a bearer token', 'authorization Bearer abcdefgh12345678'],
  ['a JWT', 'token is eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2VjcmV0LXNlY3JldA'],
  ['a value under a secret key', '{"client_secret": "abcdefgh12345678"}'],
  ['a form field', 'grant=x&refresh_token=abcdefgh12345678&y=1'],
  ['a long opaque string', `key ${'abcdefgh12345678'.repeat(4)}`],
])('hides %s', (_, text) => {
  expect(excerpt(text)).toContain('[redacted]');
  expect(excerpt(text)).not.toMatch(/abcdefgh12345678|c2VjcmV0/);
});

it('is one line of at most 200 characters without control and bidi characters', () => {
  const text = excerpt(`a\r\nb\u0000\u001b[31m\u202e ${'word '.repeat(100)}`);
  expect(text.length).toBe(200);
  expect(text).toMatch(/^a b \[31m word word/);
});
