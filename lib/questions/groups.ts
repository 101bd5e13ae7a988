import { z } from 'zod';
import { q } from '#lib/api/parameters.ts';
import { groupsSchema } from '#lib/api/resources.ts';
import { kindOf } from '#lib/index/kinds/kinds.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/groups',
  summary: 'Groups with sums and averages',
  input: z.strictObject({
    q,
    by: z
      .string('expected a field to group by')
      .min(1, 'expected a field to group by')
      .max(128)
      .describe('Field to group by'),
  }),
  output: groupsSchema,
  outputName: 'Groups',
  async run({ q, by }, { engine, rows }) {
    const { field, groups } = engine.groups(q, by);
    if (!kindOf(field).namesRows) return groups;
    const uids = groups.groups.map(({ value }) => value);
    const named = (await rows.read([], uids)).named(uids);
    const names = new Map(named.map(({ uid, name }) => [uid, name]));
    return { ...groups, groups: groups.groups.map((group) => ({ ...group, label: names.get(group.value) ?? null })) };
  },
});
