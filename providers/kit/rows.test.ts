import { expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { mapRows, UnreadableRow } from './rows.ts';

it('counts a row whose mapping throws, whatever it throws, and keeps the others', () => {
  const thrown: Record<string, () => unknown> = {
    field: () => {
      throw new UnreadableRow('size', 'a number');
    },
    type: () => JSON.parse('null').name,
    date: () => new Date(Number.NaN).toISOString(),
    uri: () => decodeURIComponent('%'),
  };
  const { resources, unreadable } = mapRows(
    [...Object.keys(thrown), 'good'],
    (id) => id,
    (id) => {
      thrown[id]?.();
      return anyResource({ uid: id });
    },
  );
  expect(resources.map(({ uid }) => uid)).toEqual(['good']);
  expect(unreadable).toEqual([
    { id: 'field', reason: 'size: expected a number' },
    ...['type', 'date', 'uri'].map((id) => ({ id, reason: 'row: expected an object of the documented shape' })),
  ]);
});
