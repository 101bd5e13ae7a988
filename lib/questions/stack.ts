import { none } from '#lib/api/parameters.ts';
import { type Layer, stackSchema } from '#lib/api/stack.ts';
import { GONE } from '#lib/index/columns/columns.ts';
import { groupGuests } from '#lib/index/columns/guest-groups.ts';
import type { Engine } from '#lib/index/engine.ts';
import { conflictsOf, decisionsAbout, distinct, linksOf, uidsOf } from '#lib/index/topology/evidence.ts';
import { question } from './kit/question.ts';

export default question({
  path: '/resources/{uid}/stack',
  summary: 'What it stands on and what stands on it',
  input: none,
  output: stackSchema,
  outputName: 'Stack',
  notFound: 'No live resource has this uid.',
  async run({ uid }, { engine, rows }) {
    const plan = planOf(uid, engine);
    if (plan === null) return null;
    const { layers, above, links, conflicts, decisions } = plan;
    const plans = [...links, ...conflicts];
    const named = [...plans.flatMap(({ names }) => names), ...decisions.flatMap(({ a, b }) => [a, b])];
    const read = await rows.read(
      [...layers.flat(), ...above.groups.flatMap((group) => group.uids)],
      [...uidsOf(plans), ...named],
    );
    const [self, ...more] = layers.map(
      (members): Layer => ({ machine: members[0] ?? uid, items: read.items(members) }),
    );
    if (self === undefined || self.items.length === 0) return null;
    const below = more.filter(({ items }) => items.length > 0);
    return {
      self,
      below,
      managed:
        (below.at(-1) ?? self).items.find(({ managed }) => managed !== null && managed !== 'kubevirt')?.managed ?? null,
      above: {
        ...above,
        groups: above.groups.map(({ uids, ...group }) => ({ ...group, items: read.items(uids) })),
      },
      links: distinct(read.filled(links)),
      named: read.named(named),
      conflicts: distinct(read.filled(conflicts)),
      decisions,
    };
  },
});

/** All that the index knows of it, before its rows are read. */
function planOf(uid: string, engine: Engine) {
  const { table } = engine;
  const slot = table.slotOf(uid);
  if (slot === undefined) return null;
  const { stack, heads, hosts } = table.links;
  const slots: number[] = [];
  for (let at = slot; at !== GONE; at = hosts[at] ?? GONE) slots.push(at);
  const layers = slots.map((at) => stack.members(at).map((one) => table.uid(one)));
  return {
    layers,
    above: groupGuests(heads[slot] ?? slot, table),
    links: slots.flatMap((at) => linksOf(table, at)),
    conflicts: conflictsOf(table, slot),
    decisions: decisionsAbout(layers.flat(), engine),
  };
}
