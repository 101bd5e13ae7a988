import { z } from 'zod';
import { offset, whole } from '#lib/api/parameters.ts';
import { identityReportSchema } from '#lib/api/stack.ts';
import { Deduplication } from '#lib/index/figures/deduplication.ts';
import { lossesOf } from '#lib/index/topology/candidates.ts';
import { linkOf, uidsOf } from '#lib/index/topology/evidence.ts';
import { question } from './kit/question.ts';

/** Conflicts of one answer at most; the rest is counted. */
const CONFLICTS = 200;

export default question({
  path: '/identity',
  summary: 'Pairs that wait for a decision, conflicts, decisions',
  input: z.strictObject({
    confidence: z.enum(['likely', 'possible']).default('likely').describe('Which pairs that wait for a decision'),
    limit: whole(1, 500).default(100),
    offset: offset.default(0),
  }),
  output: identityReportSchema,
  outputName: 'IdentityReport',
  async run({ confidence, limit, offset }, { engine, rows }) {
    const { table } = engine;
    const all = table.links.stack.candidates().filter((candidate) => candidate.confidence === confidence);
    const deduplication = new Deduplication(table);
    const page = all.slice(offset, offset + limit).map((candidate) => ({
      a: table.uid(candidate.a),
      b: table.uid(candidate.b),
      figures: lossesOf(candidate, deduplication, table),
      link: linkOf(table, candidate),
    }));
    const conflicts = table.links.stack.conflicts(CONFLICTS, (slot) => table.uid(slot));
    const { decisions } = engine;
    const named = [...conflicts.items.flatMap(({ names }) => names), ...decisions.flatMap(({ a, b }) => [a, b])];
    const read = await rows.read([], [...uidsOf([...conflicts.items, ...page.map(({ link }) => link)]), ...named]);
    const compared = read.compared(page.flatMap(({ a, b }) => [a, b]));
    return {
      candidates: page.flatMap(({ link, a, b, figures }) => {
        const [x, y] = [compared.get(a), compared.get(b)];
        return x && y ? read.filled([link]).map((whole) => ({ link: whole, a: x, b: y, figures })) : [];
      }),
      candidatesTotal: all.length,
      conflicts: read.filled(conflicts.items),
      conflictsTotal: conflicts.total,
      decisions: [...decisions],
      named: read.named(named),
    };
  },
});
