import { z } from 'zod';
import { offset, whole } from '#lib/api/parameters.ts';
import { identityReportSchema } from '#lib/api/stack.ts';
import { Deduplication } from '#lib/index/figures/deduplication.ts';
import { offersBetween } from '#lib/index/topology/evidence.ts';
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
    }));
    const texts = await rows.withTexts((read) => ({
      offers: offersBetween(page, engine.table, read),
      contradictions: engine.table.links.stack.contradictions(CONTRADICTIONS, read),
    }));
    const { decisions } = engine;
    const named = await rows.named([
      ...texts.contradictions.items.flatMap(({ resources }) => resources),
      ...decisions.flatMap(({ a, b }) => [a, b]),
    ]);
    const compared = await rows.compared(page.flatMap(({ a, b }) => [a, b]));
    return {
      offers: texts.offers.flatMap(({ link, a, b, figures }) => {
        const [x, y] = [compared.get(a), compared.get(b)];
        return x && y ? [{ link, a: x, b: y, figures }] : [];
      }),
      offersTotal: all.length,
      contradictions: texts.contradictions.items,
      contradictionsTotal: texts.contradictions.total,
      decisions: [...decisions],
      named,
    };
  },
});
