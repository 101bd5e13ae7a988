import { none } from '#lib/api/parameters.ts';
import type { Item } from '#lib/api/resources.ts';
import { type Layer, stackSchema } from '#lib/api/stack.ts';
import { GONE } from '#lib/index/columns/columns.ts';
import { gatherAbove } from '#lib/index/columns/gather.ts';
import type { Engine } from '#lib/index/engine.ts';
import { contradictionsOf, decisionsAbout, distinct } from '#lib/index/topology/evidence.ts';
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
    const { layers, above } = plan;
    const uids = new Set([...layers.flat(), ...above.groups.flatMap((group) => group.uids)]);
    const items = new Map((await rows.items([...uids])).map((item) => [item.uid, item]));
    const itemsOf = (some: readonly string[]): Item[] => some.flatMap((one) => items.get(one) ?? []);
    const [self, ...below] = layers
      .map((members): Layer => ({ machine: members[0] ?? uid, items: itemsOf(members) }))
      .filter((layer) => layer.items.length > 0);
    if (self === undefined) return null;
    const { links, contradictions } = await rows.withTexts((read) => {
      const { table } = engine;
      const { stack } = table.links;
      const slots = layers.flatMap(([first = '']) => table.slotOf(first) ?? []);
      return {
        links: distinct(slots.flatMap((slot) => stack.links(slot, read))),
        contradictions: slots[0] === undefined ? [] : contradictionsOf(table, slots[0], read),
      };
    });
    const decisions = decisionsAbout(layers.flat(), engine);
    return {
      self,
      below,
      ground:
        (below.at(-1) ?? self).items.find(({ managed }) => managed !== null && managed !== 'kubevirt')?.managed ?? null,
      above: { ...above, groups: above.groups.map(({ uids: some, ...group }) => ({ ...group, items: itemsOf(some) })) },
      links,
      named: await rows.named([
        ...links.flatMap(({ from, to }) => [from, to]),
        ...contradictions.flatMap(({ resources }) => resources),
        ...decisions.flatMap(({ a, b }) => [a, b]),
      ]),
      contradictions,
      decisions,
    };
  },
});

/** By uid: what is read from the store comes later, and slots may have changed by then. */
function planOf(uid: string, { table }: Engine) {
  const slot = table.slotOf(uid);
  if (slot === undefined) return null;
  const { stack, heads, hosts } = table.links;
  const layers: string[][] = [];
  for (let at = slot; at !== GONE; at = hosts[at] ?? GONE) layers.push(stack.members(at).map((one) => table.uid(one)));
  return { layers, above: gatherAbove(heads[slot] ?? slot, table) };
}
