import { expect, it } from 'vitest';
import { asking, isAbout, MATTERS, withoutMatter } from './attention-query.ts';

it.each([
  ['failed', '', 'state:failed'],
  ['unready', '', 'ready:no state:running'],
  ['unknown', 'provider:aws', 'provider:aws state:unknown'],
  ['failed', 'state:running ready:no tag.team:web', 'tag.team:web state:failed'],
  ['unready', 'state:failed "a b"', '"a b" ready:no state:running'],
] as const)('fault 107: %s in "%s" asks "%s", and back', (matter, q, asked) => {
  expect(asking(q, matter)).toBe(asked);
  for (const other of MATTERS) expect(isAbout(asked, other)).toBe(other === matter);
  expect(MATTERS.filter((other) => isAbout(withoutMatter(asked), other))).toEqual([]);
});

it('is not about a matter among others', () => {
  expect(isAbout('state:failed,unknown', 'failed')).toBe(false);
  expect(isAbout('-state:failed', 'failed')).toBe(false);
  expect(isAbout('ready:no', 'unready')).toBe(false);
});
