import { none } from '#lib/api/parameters.ts';
import { machineSchema } from '#lib/api/stack.ts';
import { GONE } from '#lib/index/columns/columns.ts';
import { capacityOfMachine } from '#lib/index/figures/capacity.ts';
import { contradictionsOf, decisionsAbout } from '#lib/index/topology/evidence.ts';
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
    const hostUid = at === GONE ? null : table.uid(at);
    const guests = stack.guestCount(slot);
    const members = await rows.items(uids);
    const { links, contradictions } = await rows.withTexts((read) => {
      const now = engine.table;
      const slotNow = now.slotOf(uid);
      if (slotNow === undefined) return { links: [], contradictions: [] };
      return { links: now.links.stack.links(slotNow, read), contradictions: contradictionsOf(now, slotNow, read) };
    });
    const [host = null] = hostUid === null ? [] : await rows.named([hostUid]);
    const decisions = decisionsAbout(uids, engine);
    return { machine: uids[0] ?? uid, members, links, figures, host, guests, contradictions, decisions };
  },
});
