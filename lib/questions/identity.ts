import { z } from 'zod';
import { offset, whole } from '#lib/api/parameters.ts';
import { identityReportSchema } from '#lib/api/stack.ts';
import { Deduplication } from '#lib/index/figures/deduplication.ts';
import { linkOf, uidsOf } from '#lib/index/topology/evidence.ts';
import { lossesOf } from '#lib/index/topology/offered.ts';
import { question } from './kit/question.ts';

/** Contradictions of one answer at most; the rest is counted. */
const CONTRADICTIONS = 200;

export default question({
  path: '/identity',
  summary: 'Pairs that wait for a decision, contradictions, decisions',
  input: z.strictObject({
    confidence: z.enum(['likely', 'possible']).default('likely').describe('Which pairs that wait for a decision'),
    limit: whole(1, 500).default(100),
    offset: offset.default(0),
  }),
  output: identityReportSchema,
  outputName: 'IdentityReport',
  async run({ confidence, limit, offset }, { engine, rows }) {
    const { table } = engine;
    const all = table.links.stack.offers().filter((offer) => offer.confidence === confidence);
    const deduplication = new Deduplication(table);
    const page = all.slice(offset, offset + limit).map((offer) => ({
      a: table.uid(offer.a),
      b: table.uid(offer.b),
      figures: lossesOf(offer, deduplication, table),
      link: linkOf(table, offer),
    }));
    const contradictions = table.links.stack.contradictions(CONTRADICTIONS, (slot) => table.uid(slot));
    const { decisions } = engine;
    const named = [...contradictions.items.flatMap(({ names }) => names), ...decisions.flatMap(({ a, b }) => [a, b])];
    const read = await rows.read([], [...uidsOf([...contradictions.items, ...page.map(({ link }) => link)]), ...named]);
    const compared = read.compared(page.flatMap(({ a, b }) => [a, b]));
    return {
      offers: page.flatMap(({ link, a, b, figures }) => {
        const [x, y] = [compared.get(a), compared.get(b)];
        return x && y ? read.filled([link]).map((whole) => ({ link: whole, a: x, b: y, figures })) : [];
      }),
      offersTotal: all.length,
      contradictions: read.filled(contradictions.items),
      contradictionsTotal: contradictions.total,
      decisions: [...decisions],
      named: read.named(named),
    };
  },
});
