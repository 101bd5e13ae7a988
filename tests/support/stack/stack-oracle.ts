import { hashOf } from '#lib/columns/hash.ts';
import type { LinkRow } from '#lib/linking/index.ts';
import type { Decision, Identity } from '#lib/model/index.ts';

/*
 * What a stack must say, by the plainest code: Maps of texts, all rows every time. Only the order of rows is taken from the code under
 * test, where it is the order of their uids' hashes.
 */

export interface Told {
  /** Uids of each row's machine, sorted, by uid. */
  machine: Map<string, string>;
  /** Uid of what each row runs on, or null. */
  host: Map<string, string | null>;
}

const RANKS = [
  'person',
  'provider-id',
  'resource-id',
  'instance-id',
  'vm-id',
  'runtime-id',
  'system-uuid',
  'boot-id',
  'guests',
];
const CLOUD = ['provider-id', 'instance-id', 'resource-id', 'vm-id'];

const values = (row: LinkRow, type: string) => row.identities.filter((id) => id.type === type).map((id) => id.value);
const isPast = (row: LinkRow) => row.kind === 'vm' && row.state === 'terminated' && roleOf(row) === 'vm';
function roleOf(row: LinkRow): string {
  if (row.kind === 'vm' && row.identities.some(({ type }) => CLOUD.includes(type))) return 'vm';
  const engine = row.kind === 'host' && values(row, 'boot-id').length > 0 ? values(row, 'host').slice(0, 1) : [];
  return [row.kind, row.provider, ...engine].join('/');
}

function precedence(row: LinkRow): number {
  if (row.kind === 'vm') return roleOf(row) === 'vm' ? 0 : 1;
  if (row.kind === 'container') return row.hostedBy.some(({ type }) => type === 'host') ? 3 : 2;
  return row.identities.some(({ type }) => type === 'node') ? 4 : 5;
}

const numbers = new Map<string, [number, number]>();
function byUid({ uid: x }: LinkRow, { uid: y }: LinkRow): number {
  const of = (uid: string): [number, number] => {
    const { a, b } = hashOf(0x7f, uid, { a: 0, b: 0, c: 0 });
    return [a, b];
  };
  for (const uid of [x, y]) if (!numbers.has(uid)) numbers.set(uid, of(uid));
  const [[a, b], [c, d]] = [numbers.get(x) ?? [0, 0], numbers.get(y) ?? [0, 0]];
  return a - c || b - d;
}

export const inOrder = (x: LinkRow, y: LinkRow): number =>
  precedence(x) - precedence(y) || (roleOf(x) < roleOf(y) ? -1 : roleOf(x) > roleOf(y) ? 1 : byUid(x, y));

const pairs = <T>(list: readonly T[]): [T, T][] => list.flatMap((x, i) => list.slice(i + 1).map((y): [T, T] => [x, y]));
const disjoint = (x: readonly string[], y: readonly string[]) =>
  x.length > 0 && y.length > 0 && !x.some((value) => y.includes(value));

function claimants(rows: readonly LinkRow[]): readonly LinkRow[] {
  const hasLive = rows.some((row) => roleOf(row) === 'vm' && row.state !== 'terminated');
  return hasLive ? rows.filter((row) => !isPast(row)) : rows;
}

/** Rows that an identity makes one machine; none if they cannot be one. */
function agreed(type: string, rows: readonly LinkRow[]): readonly LinkRow[] {
  const claims = claimants(rows);
  if (new Set(claims.map(roleOf)).size < claims.length) return [];
  if (type !== 'provider-id' && type !== 'resource-id') return claims;
  const differ = ([x, y]: [LinkRow, LinkRow]) => {
    const firmware = values(x, 'vm-id').length + values(y, 'vm-id').length > 0;
    return (
      disjoint(values(x, 'instance-id'), values(y, 'instance-id')) ||
      (firmware && disjoint(values(x, 'system-uuid'), values(y, 'system-uuid')))
    );
  };
  return pairs(claims).some(differ) ? [] : claims;
}

type Edge = [rank: number, x: LinkRow, y: LinkRow];

function union(machines: LinkRow[][], edges: Edge[], decisions: readonly Decision[]): LinkRow[][] {
  const ordered = edges.map(([rank, x, y]): Edge => (byUid(x, y) < 0 ? [rank, x, y] : [rank, y, x]));
  ordered.sort((e, f) => e[0] - f[0] || byUid(e[1], f[1]) || byUid(e[2], f[2]));
  for (const [rank, x, y] of ordered) {
    const one = machines.find((machine) => machine.includes(x)) ?? [];
    const other = machines.find((machine) => machine.includes(y)) ?? [];
    if (one === other) continue;
    const both = [one, other];
    const isSplit = decisions.some(
      ({ a, b, verdict }) =>
        verdict === 'split' &&
        [both, both.toReversed()].some(
          ([p = [], q = []]) => p.some(({ uid }) => uid === a) && q.some(({ uid }) => uid === b),
        ),
    );
    const roles = one.map(roleOf);
    if (isSplit || (rank > 0 && other.some((row) => roles.includes(roleOf(row))))) continue;
    machines = [...machines.filter((machine) => machine !== one && machine !== other), [...one, ...other]];
  }
  return machines;
}

export function oracle(rows: readonly LinkRow[], decisions: readonly Decision[]): Told {
  const holders = (identity: Identity) =>
    rows.filter((row) => row.identities.some(({ type, value }) => type === identity.type && value === identity.value));
  const edges: Edge[] = [];
  const keys = new Map(rows.flatMap((row) => row.identities.map((id) => [`${id.type} ${id.value}`, id] as const)));
  for (const identity of keys.values()) {
    const rank = RANKS.indexOf(identity.type);
    if (rank < 0) continue;
    for (const [x, y] of pairs(agreed(identity.type, holders(identity)))) edges.push([rank, x, y]);
  }
  for (const { a, b, verdict } of decisions) {
    const [x, y] = [rows.find(({ uid }) => uid === a), rows.find(({ uid }) => uid === b)];
    if (verdict === 'join' && x && y && x !== y) edges.push([0, x, y]);
  }
  const first = union(
    rows.map((row) => [row]),
    edges,
    decisions,
  );
  const machineIn = (machines: readonly LinkRow[][], row: LinkRow) =>
    machines.find((machine) => machine.includes(row)) ?? [];

  const meant = (identity: Identity): LinkRow | undefined => {
    const [head, ...rest] = [...claimants(holders(identity))].sort(inOrder);
    if (!head) return undefined;
    return rest.every((row) => machineIn(first, head).includes(row)) ? head : undefined;
  };
  const words = new Map(
    rows.map((row) => [row, row.hostedBy.map(meant).find((host) => host !== undefined && host !== row) ?? null]),
  );

  const shared: { x: LinkRow; y: LinkRow; machine: LinkRow[] }[] = [];
  for (const machine of first) {
    const hosts = [...new Set(machine.map((row) => words.get(row) ?? null))].filter((host) => host !== null);
    for (const [x, y] of pairs(hosts))
      if (roleOf(x) !== roleOf(y)) shared.push({ x, y, machine }, { x: y, y: x, machine });
  }
  const contradicts = (x: LinkRow, y: LinkRow) =>
    shared.some((other) => other.x === x && other.y !== y && roleOf(other.y) === roleOf(y));
  const guestEdges = shared.flatMap(({ x, y }): Edge[] => {
    const count = shared.filter((other) => other.x === x && other.y === y).length;
    const oneName = values(x, 'hostname').some((name) => values(y, 'hostname').includes(name));
    const isNamed = (host: LinkRow) => precedence(host) !== 4 && values(host, 'hostname').length > 0;
    const mayDiffer = count > 1 && !(isNamed(x) && isNamed(y));
    const certain = (oneName || mayDiffer) && !contradicts(x, y) && !contradicts(y, x);
    return certain ? [[RANKS.indexOf('guests'), x, y]] : [];
  });
  const machines = union(first, guestEdges, decisions).map((machine) => machine.sort(inOrder));

  const word = (machine: readonly LinkRow[]): LinkRow | undefined =>
    machine.map((row) => words.get(row)).find((host) => host && !machine.includes(host)) ?? undefined;
  const isCircle = (machine: readonly LinkRow[]): boolean => {
    let at = word(machine);
    for (let steps = 0; at && steps <= rows.length; steps++) {
      const below = machineIn(machines, at);
      if (below === machine) return true;
      at = word(below);
    }
    return false;
  };
  const told: Told = { machine: new Map(), host: new Map() };
  for (const machine of machines) {
    const host = isCircle(machine) ? null : (word(machine)?.uid ?? null);
    for (const { uid } of machine) {
      told.machine.set(uid, machine.map((row) => row.uid).join(' '));
      told.host.set(uid, host);
    }
  }
  return told;
}
