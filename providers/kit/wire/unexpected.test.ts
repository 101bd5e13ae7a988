import { expect, it } from 'vitest';
import { unexpected } from './unexpected.ts';

it.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [[], 'an empty list'],
  [[1, 2], 'a list of 2'],
  [7, 'a number'],
  [{}, 'an empty object'],
  [{ kind: 'x', id: 'y' }, 'an object with kind, id'],
  [Object.fromEntries([...'abcdefghij'].map((name) => [name, 1])), 'an object with a, b, c, d, e, f, g, h and 2 more'],
  ['', 'an empty text'],
  ['try again', 'the text "try again"'],
])('fault 114: tells %j by its shape', (got, shape) => {
  expect(unexpected('here', 'a list of rows', got)).toMatchObject({
    kind: 'bad-reply',
    message: `here: expected a list of rows, got ${shape}`,
  });
});

it('fault 114: repeats of a text no secret and no more than 200 characters', () => {
  const message = unexpected('here', 'a list', `token=hunter2-hunter2 ${'word '.repeat(100)}`).message;
  expect(message).not.toContain('hunter2');
  expect(message.length).toBeLessThan(260);
});
