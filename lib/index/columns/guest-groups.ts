import type { GuestGroup, StackAnswer } from '#lib/api/stack.ts';
import type { Value } from '#lib/language/grammar/ast.ts';
import { format } from '#lib/language/grammar/format.ts';
import { UNSET } from './dictionary.ts';
import type { Table } from './table.ts';

/** Groups shown at most; the largest stay. */
const MOST = 200;

/** Rows shown by name: of one group, and about as many of all together. */
const MOST_ITEMS = 50;
const ITEMS = 600;
const LEAST_ITEMS = 3;

const KEYS = ['kind', 'workload.kind', 'workload', 'cluster', 'namespace'] as const;

/** A group without its rows, which are in the store. */
export type GuestGroupPlan = Omit<GuestGroup, 'items'> & { uids: string[] };
export type AbovePlan = Omit<StackAnswer['above'], 'groups'> & { groups: GuestGroupPlan[] };

interface Group {
  /** A slot of it. */
  first: number;
  slots: number[];
  pods: Set<string>;
  /** Rows that another row of their machine stands for, and that the values of the group find as well. */
  duplicates: number[];
}

/** All that stands on a machine, one slot a machine, in no order. */
function guestsAbove(head: number, { links: { stack, heads } }: Table): Set<number> {
  const found = new Set<number>();
  const open = [head];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const slot of stack.guests(at)) {
      const guest = heads[slot] ?? slot;
      if (found.has(guest)) continue;
      found.add(guest);
      open.push(guest);
    }
  }
  return found;
}

/** What runs on a machine, all the way up, gathered by workload. Counts are exact, whatever is shown by name. */
export function groupGuests(head: number, table: Table): AbovePlan {
  const { stack, isClustered, heads } = table.links;
  const columns = KEYS.map((key) => table.codes(key));
  const providers = table.codes('provider');
  const keyOf = (slot: number) => columns.map((column) => column?.codes[slot] ?? UNSET).join(' ');
  const kinds = table.codesOf('kind');
  const states = table.codesOf('state');
  const running = states.dictionary.find('running');
  const groups = new Map<string, Group>();
  const pods = new Set<string>();
  const counts = { hosts: 0, vms: 0, containers: 0 };
  const duplicates: number[] = [];
  for (const slot of guestsAbove(head, table)) {
    const key = keyOf(slot);
    const group = groups.get(key) ?? { first: slot, slots: [], pods: new Set(), duplicates: [] };
    if (isClustered[slot] === 1) duplicates.push(...stack.members(slot).slice(1));
    groups.set(key, group);
    group.slots.push(slot);
    const pod = table.texts('pod').textAt(slot, 0);
    if (pod !== '') {
      // On one node a pod has one name, whether its cluster lists its containers or the node's engine does.
      const id = `${heads[stack.hostOf(slot)]} ${columns[4]?.codes[slot]} ${pod}`;
      group.pods.add(id);
      pods.add(id);
    }
    const kind = kinds.dictionary.spelling(kinds.codes[slot] ?? UNSET);
    if (kind === 'host') counts.hosts++;
    else if (kind === 'vm') counts.vms++;
    else counts.containers++;
  }
  for (const slot of duplicates) groups.get(keyOf(slot))?.duplicates.push(slot);
  /** What tells the rows of a group from its duplicates: no other row of their machine, or their system. */
  const apart = ({ first, slots, duplicates: others }: Group): string[] => {
    if (others.length === 0) return [];
    if (slots.every((slot) => isClustered[slot] !== 1)) return [ALONE];
    const code = providers?.codes[first] ?? UNSET;
    const isOne = slots.every((slot) => providers?.codes[slot] === code);
    if (!isOne || others.some((slot) => providers?.codes[slot] === code)) return [];
    return [format({ clauses: [clauseOf('provider', providers?.dictionary.spelling(code) ?? '')], ...PLAIN })];
  };
  const places = table.byName.places();
  const byName = (a: number, b: number) => (places[a] ?? 0) - (places[b] ?? 0);
  const largest = [...groups.values()].sort((a, b) => b.slots.length - a.slots.length || byName(a.first, b.first));
  const shown = Math.min(MOST_ITEMS, Math.max(LEAST_ITEMS, Math.floor(ITEMS / Math.max(1, largest.length))));
  const uid = table.uid(head);
  return {
    ...counts,
    pods: pods.size,
    truncated: largest.length > MOST,
    groups: largest.slice(0, MOST).map((group) => {
      const { first, slots, pods: own } = group;
      const [kind = '', workloadKind = '', workload = '', cluster = '', namespace = ''] = columns.map(
        (column) => column?.dictionary.spelling(column.codes[first] ?? UNSET) ?? '',
      );
      return {
        kind: kind === 'host' || kind === 'vm' ? kind : 'container',
        workload: workload === '' ? null : { kind: workloadKind, name: workload },
        cluster: cluster || null,
        namespace: namespace || null,
        count: slots.length,
        pods: own.size,
        running: slots.filter((slot) => states.codes[slot] === running).length,
        q: [filterOf(uid, [kind, workloadKind, workload, cluster, namespace]), ...apart(group)].join(' '),
        uids: slots
          .sort(byName)
          .slice(0, shown)
          .map((slot) => table.uid(slot)),
      };
    }),
  };
}

const ALONE = 'members:1';
const PLAIN = { group: null, sort: null };

/** The filter that finds what has these values and stands on a machine. */
const filterOf = (uid: string, values: readonly string[]): string =>
  format({ clauses: [clauseOf('on', uid), ...KEYS.map((key, i) => clauseOf(key, values[i] ?? ''))], ...PLAIN });

function clauseOf(field: string, text: string) {
  const value: Value = text === '' ? { type: 'unset' } : { type: 'pattern', parts: [text] };
  return { type: 'field' as const, negated: false, field, op: ':' as const, values: [value] };
}
