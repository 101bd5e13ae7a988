import { z } from 'zod';
import { q } from '#lib/api/parameters.ts';
import { capacitySchema } from '#lib/api/stack.ts';
import { capacityOf } from '#lib/index/figures/capacity.ts';
import { freshnessOf } from '#lib/index/figures/freshness.ts';
import { joinsAmong, linkOf, uidsOf } from '#lib/index/topology/evidence.ts';
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
    const folded = folds.map((fold) => ({
      machine: table.uid(fold.head),
      rows: fold.rows.map(({ slot, counts }) => ({ uid: table.uid(slot), counts })),
      links: joinsAmong(table, fold.head),
    }));
    const offered = offers.slice(0, OFFERS).map(({ offer }) => ({
      a: table.uid(offer.a),
      b: table.uid(offer.b),
      link: linkOf(table, offer),
    }));
    const plans = [...folded.flatMap(({ links }) => links), ...offered.map(({ link }) => link)];
    const uids = [...folded.flatMap((fold) => fold.rows.map(({ uid }) => uid)), ...uidsOf(plans)];
    const read = await rows.read([], uids);
    const named = new Map(read.named(uids).map((one) => [one.uid, one]));
    return {
      total: selection.total,
      figures,
      folds: folded.map((fold) => ({
        machine: fold.machine,
        rows: fold.rows.flatMap(({ uid, counts }) => {
          const one = named.get(uid);
          return one ? [{ ...one, counts }] : [];
        }),
        links: read.filled(fold.links),
      })),
      machines,
      offers: offered.flatMap((offer) => {
        const [a, b] = [named.get(offer.a), named.get(offer.b)];
        return a && b ? read.filled([offer.link]).map((link) => ({ link, a, b })) : [];
      }),
      freshness,
    };
  },
});
