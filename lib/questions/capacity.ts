import { z } from 'zod';
import { q } from '#lib/api/parameters.ts';
import { capacitySchema } from '#lib/api/stack.ts';
import { capacityOf } from '#lib/index/figures/capacity.ts';
import { freshnessOf } from '#lib/index/figures/freshness.ts';
import { joinsAmong, machineOf, offersBetween } from '#lib/index/topology/evidence.ts';
import { question } from './kit/question.ts';

/** Offers of one answer at most. */
const OFFERS = 100;

export default question({
  path: '/capacity',
  summary: 'The five capacities of the result, each machine once, and why',
  input: z.strictObject({ q }),
  output: capacitySchema,
  outputName: 'Capacity',
  async run({ q }, { engine, rows }) {
    const { query, source, selection } = engine.select(q);
    const { table } = source;
    const freshness = freshnessOf(selection, query.clauses, source);
    const { figures, folds, machines, offers } = capacityOf(selection.failing, table);
    const folded = folds.map((fold) => fold.rows.map(({ slot, counts }) => ({ uid: table.uid(slot), counts })));
    const pairs = offers.slice(0, OFFERS).map(({ offer }) => ({ a: table.uid(offer.a), b: table.uid(offer.b) }));
    const texts = await rows.withTexts((read) => ({
      folds: folded.map((fold) => joinsAmong(fold[0]?.uid ?? '', engine.table, read)),
      offers: offersBetween(pairs, engine.table, read),
    }));
    const uids = [...folded.flat().map(({ uid }) => uid), ...pairs.flatMap(({ a, b }) => [a, b])];
    const named = new Map((await rows.named(uids)).map((one) => [one.uid, one]));
    return {
      total: selection.total,
      figures,
      folds: folded.map((fold, i) => ({
        machine: machineOf(fold[0]?.uid ?? '', engine.table),
        rows: fold.flatMap(({ uid, counts }) => {
          const one = named.get(uid);
          return one ? [{ ...one, counts }] : [];
        }),
        links: texts.folds[i] ?? [],
      })),
      machines,
      offers: texts.offers.flatMap(({ link, a, b }) => {
        const [x, y] = [named.get(a), named.get(b)];
        return x && y ? [{ link, a: x, b: y }] : [];
      }),
      freshness,
    };
  },
});
