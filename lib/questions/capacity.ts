import { z } from 'zod';
import { q } from '#lib/api/parameters.ts';
import { capacitySchema } from '#lib/api/stack.ts';
import { capacityOf } from '#lib/index/figures/capacity.ts';
import { freshnessOf } from '#lib/index/figures/freshness.ts';
import { joinsAmong, linkOf, uidsOf } from '#lib/index/topology/evidence.ts';
import { question } from './kit/question.ts';

/** Match candidates of one answer at most. */
const CANDIDATES = 100;

export default question({
  path: '/capacity',
  summary: 'The five capacities of the result, each machine once, and why',
  input: z.strictObject({ q }),
  output: capacitySchema,
  outputName: 'Capacity',
  async run({ q }, { engine, rows }) {
    const { query, snapshot, selection } = engine.select(q);
    const { table } = snapshot;
    const freshness = freshnessOf(selection, query.clauses, snapshot);
    const { figures, deduplicated, machines, candidates } = capacityOf(selection.excluded, table);
    const shared = deduplicated.map((machine) => ({
      machine: table.uid(machine.head),
      rows: machine.rows.map(({ slot, counts }) => ({ uid: table.uid(slot), counts })),
      links: joinsAmong(table, machine.head),
    }));
    const pairs = candidates.slice(0, CANDIDATES).map(({ candidate }) => ({
      a: table.uid(candidate.a),
      b: table.uid(candidate.b),
      link: linkOf(table, candidate),
    }));
    const plans = [...shared.flatMap(({ links }) => links), ...pairs.map(({ link }) => link)];
    const uids = [...shared.flatMap((machine) => machine.rows.map(({ uid }) => uid)), ...uidsOf(plans)];
    const read = await rows.read([], uids);
    const named = new Map(read.named(uids).map((one) => [one.uid, one]));
    return {
      total: selection.total,
      figures,
      deduplicated: shared.map(({ machine, rows: counted, links }) => ({
        machine,
        rows: counted.flatMap(({ uid, counts }) => {
          const one = named.get(uid);
          return one ? [{ ...one, counts }] : [];
        }),
        links: read.filled(links),
      })),
      machines,
      candidates: pairs.flatMap((candidate) => {
        const [a, b] = [named.get(candidate.a), named.get(candidate.b)];
        return a && b ? read.filled([candidate.link]).map((link) => ({ link, a, b })) : [];
      }),
      freshness,
    };
  },
});
