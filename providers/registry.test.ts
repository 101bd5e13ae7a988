import { describe, expect, it } from 'vitest';
import { registry } from './registry.ts';

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

describe.each(Object.entries(registry))('the manifest of %s', (id, provider) => {
  it('stands under its own id', () => expect(provider.id).toBe(id));

  it('has a colour that is readable on the light and on the dark ground', () => {
    for (const ground of ['#ffffff', '#eef2ff', '#f5f6f8'])
      expect(contrast(provider.color.light, ground)).toBeGreaterThan(4.5);
    for (const ground of ['#14171c', '#1c2440', '#1a1e25'])
      expect(contrast(provider.color.dark, ground)).toBeGreaterThan(4.5);
  });
});
