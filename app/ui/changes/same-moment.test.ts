import { expect, test } from 'vitest';
import type { Change } from '#lib/model/index.ts';
import { sameMoment } from './same-moment.ts';

const change = (seq: number, uid: string, at: string, type: Change['type'] = 'changed'): Change => ({
  seq,
  at,
  uid,
  name: uid,
  provider: 'aws',
  kind: 'vm',
  scope: 's',
  type,
  field: type === 'changed' ? `field-${seq}` : null,
  from: null,
  to: null,
});

test('changes of one resource in one commit are one row', () => {
  const noon = '2026-11-21T12:00:00.000Z';
  const moments = sameMoment([change(3, 'a', noon), change(2, 'a', noon), change(1, 'b', noon)]);
  expect(moments.map((moment) => moment.map(({ seq }) => seq))).toEqual([[3, 2], [1]]);
});

test('an appearance, another time and another resource begin a row of their own', () => {
  const [noon, later] = ['2026-11-21T12:00:00.000Z', '2026-11-21T12:00:01.000Z'];
  const moments = sameMoment([
    change(4, 'a', later),
    change(3, 'a', noon),
    change(2, 'a', noon, 'appeared'),
    change(1, 'b', noon),
  ]);
  expect(moments).toHaveLength(4);
});
