import { none } from '#lib/api/parameters.ts';
import { machineSchema } from '#lib/api/stack.ts';
import { GONE } from '#lib/index/columns/columns.ts';
import { capacityOfMachine } from '#lib/index/figures/capacity.ts';
import { conflictsOf, decisionsAbout, distinct, linksOf, uidsOf } from '#lib/index/topology/evidence.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/machines/{uid}',
  summary: 'All rows that are one machine, by any of them',
  input: none,
  output: machineSchema,
  outputName: 'Machine',
  notFound: 'No live resource has this uid.',
  async run({ uid }, { engine, rows }) {
    const { table } = engine;
    const slot = table.slotOf(uid);
    if (slot === undefined) return null;
    const { stack, hosts } = table.links;
    const uids = stack.members(slot).map((one) => table.uid(one));
    const figures = capacityOfMachine(stack.members(slot), table);
    const at = hosts[slot] ?? GONE;
    const host = at === GONE ? [] : [table.uid(at)];
    const guests = stack.guestCount(slot);
    const links = linksOf(table, slot);
    const conflicts = conflictsOf(table, slot);
    const decisions = decisionsAbout(uids, engine);
    const read = await rows.read(uids, [...host, ...uidsOf([...links, ...conflicts])]);
    return {
      machine: uids[0] ?? uid,
      members: read.items(uids),
      links: read.filled(links),
      figures,
      host: read.named(host)[0] ?? null,
      guests,
      conflicts: distinct(read.filled(conflicts)),
      decisions,
    };
  },
});
