import { expect, test } from 'vitest';
import { clipped, safeLink, shortened, visible } from './visible.ts';

test('ordinary text of any script stays as it is', () => {
  for (const text of ['checkout-api', 'größe', '注文-サービス', 'خادم', '👩‍👩‍👧', 'नमस्ते', ''])
    expect(visible(text)).toBe(text);
});

test('fault 77: control, bidi and zero-width characters are made visible', () => {
  expect(visible('a\u0000b\nc\u007f')).toBe('a␀b␊c␡');
  expect(visible('evil\u202egnp.exe')).toBe('evil⟨U+202E⟩gnp.exe');
  expect(visible('pay\u200bments')).toBe('pay⟨U+200B⟩ments');
  expect(visible('a\u200db')).toBe('a⟨U+200D⟩b');
  expect(visible('line\u2028sep')).toBe('line⟨U+2028⟩sep');
  expect(visible('\u{e0041}tag')).toBe('⟨U+E0041⟩tag');
});

test('fault 77: a lone surrogate becomes a replacement character, the same on server and in the browser', () => {
  expect(visible('x\ud800y')).toBe('x\ufffdy');
});

test('fault 77: a flood of combining marks is cut to what a script needs', () => {
  expect(visible(`e${'\u0301'.repeat(200)}!`)).toBe(`e${'\u0301'.repeat(3)}…!`);
});

test('clipping never tears a character apart', () => {
  expect(clipped('abc', 3)).toBe('abc');
  expect(clipped('ab😀cd', 3)).toBe('ab…');
});

test('a long label keeps its beginning and its end', () => {
  expect(shortened('eu-south-1', 24)).toBe('eu-south-1');
  expect(shortened('6f6d5b3c-a834-4c06-a581-fb72c9e19afc scale-set-vms', 24)).toBe('6f6d5b3c-a…scale-set-vms');
});

test('fault 76: only absolute https addresses without a user become links', () => {
  expect(safeLink('https://console.example/x?y=1')).toBe('https://console.example/x?y=1');
  for (const url of [
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'data:text/html,x',
    'http://console.example',
    '//console.example',
    '/x',
    'https://user@console.example',
    'vbscript:x',
    '',
  ]) {
    expect(safeLink(url)).toBeNull();
  }
  expect(safeLink(null)).toBeNull();
});
