import { expect, test } from 'vitest';
import { findChromium } from './chromium.ts';

const only =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file);

test('takes the browser that CHROMIUM_PATH names before any other', () => {
  const exists = only('/opt/chromium', '/usr/bin/chromium');
  expect(findChromium({ CHROMIUM_PATH: '/opt/chromium' }, exists)).toBe('/opt/chromium');
});

test('does not replace a named browser that is missing by another', () => {
  expect(findChromium({ CHROMIUM_PATH: '/opt/missing' }, only('/usr/bin/chromium'))).toBeUndefined();
});

test("takes the system's Chromium, then Chrome", () => {
  expect(findChromium({}, only('/usr/bin/chromium', '/usr/bin/google-chrome'))).toBe('/usr/bin/chromium');
  expect(findChromium({}, only('/usr/bin/google-chrome'))).toBe('/usr/bin/google-chrome');
});

test('finds nothing where there is nothing', () => {
  expect(findChromium({}, only())).toBeUndefined();
});
