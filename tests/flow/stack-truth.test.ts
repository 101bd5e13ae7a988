import { beforeAll, describe, expect, test } from 'vitest';
import type { Plant } from '#lib/demo/index.ts';
import { type LinkedFleet, linkedFleet } from '#tests/support/mock-fleet.ts';

/** Recall that is asked for at least; precision must be full. */
const RECALL = 0.99;

describe.each([
  { resources: 2000, faults: false },
  { resources: 20_000, faults: true },
  { resources: 100_000, faults: false },
])('the links of $resources resources of the fleet, faults: $faults', ({ resources, faults }) => {
  let fleet: LinkedFleet;
  beforeAll(async () => {
    fleet = await linkedFleet(resources, faults);
  }, 240_000);

  const slotOf = (uid: string): number => {
    const slot = fleet.slotOf(uid);
    if (slot === undefined) throw new Error(`${uid} is not listed`);
    return slot;
  };
  const uidOf = (slot: number): string => fleet.read(slot).uid;
  const membersOf = (uid: string): string[] => fleet.stack.members(slotOf(uid)).map((slot) => fleet.read(slot).uid);
  const plants = (plant: Plant): (readonly string[])[] =>
    [...fleet.truth.planted()].flatMap((planted) => (planted.plant === plant ? [planted.uids] : []));
  const told = () => fleet.told(fleet.stack.conflicts(10_000, uidOf).items);
  const about = (uids: readonly string[]) =>
    told().filter(({ resources: named }) => uids.every((uid) => named.includes(uid)));

  test('hold nothing together that is two machines', () => {
    const machineOf = new Map<string, readonly string[]>();
    for (const { members } of fleet.truth.machines()) for (const uid of members) machineOf.set(uid, members);
    // What the truth does not name is a machine by itself.
    const truly = (uid = '') => machineOf.get(uid) ?? uid;
    let machines = 0;
    for (const head of fleet.stack.machines()) {
      machines++;
      const uids = fleet.stack.members(head).map((slot) => fleet.read(slot).uid);
      for (const uid of uids) expect(truly(uid), uid).toBe(truly(uids[0]));
    }
    expect(machines).toBeGreaterThan(resources / 50);
  });

  test('find what can be proved, by the evidence that proves it', () => {
    let provable = 0;
    let found = 0;
    for (const { pairs } of fleet.truth.machines())
      for (const { a, b, by } of pairs.filter(({ certain }) => certain)) {
        provable++;
        if (fleet.stack.machineOf(slotOf(a)) !== fleet.stack.machineOf(slotOf(b))) continue;
        const link = fleet
          .told(fleet.stack.links(slotOf(a), uidOf))
          .find(({ relation, from, to }) => relation === 'same-as' && [from, to].includes(a) && [from, to].includes(b));
        expect(link).toMatchObject({ evidence: by, confidence: 'certain' });
        found++;
      }
    expect(provable).toBeGreaterThan(resources / 50);
    expect(found / provable).toBeGreaterThanOrEqual(RECALL);
  });

  test('say what each resource runs on, and nothing else', () => {
    const hosts = new Map<string, string>();
    let found = 0;
    for (const { guest, host } of fleet.truth.runsOn()) hosts.set(guest, host);
    for (const [guest, host] of hosts) {
      const said = fleet.stack.hostOf(slotOf(guest));
      if (said < 0) continue;
      expect(membersOf(fleet.read(said).uid)).toContain(host);
      found++;
    }
    expect(found / hosts.size).toBeGreaterThanOrEqual(RECALL);
    // A node's host is that of its VM; a VM of a place that failed has none that is known.
    for (const [slot, { uid }] of fleet.rows.entries())
      if (fleet.stack.hostOf(slot) >= 0) expect(membersOf(uid).some((member) => hosts.has(member))).toBe(true);
  });

  test('list planted conflicts and follow none', () => {
    const expected = [
      ['cloned-machine-id', 'cloned', 'machine-id'],
      ['cloned-uuid', 'cloned', 'system-uuid'],
      ['reused-name-unsaid', 'reused-name', 'provider-id'],
      ['claimed-twice', 'claimed-twice', 'provider-id'],
    ] as const;
    for (const [plant, kind, evidence] of expected) {
      expect(plants(plant).length).toBeGreaterThan(0);
      for (const uids of plants(plant)) {
        expect(about(uids)).toMatchObject([{ kind, evidence, count: uids.length }]);
        for (const uid of uids) expect(membersOf(uid).filter((member) => uids.includes(member))).toEqual([uid]);
      }
    }
    expect(told().length).toBe(expected.reduce((sum, [plant]) => sum + plants(plant).length, 0));
  });

  test('settle a reused name by the instance id that the node says', () => {
    expect(plants('reused-name').length).toBeGreaterThan(0);
    for (const uids of plants('reused-name')) {
      const [younger = '', older = '', node = ''] = uids;
      expect(membersOf(node)).toEqual([younger, node]);
      expect(membersOf(older)).toEqual([older]);
      expect(about(uids)).toEqual([]);
    }
  });

  test('know a firmware UUID in either byte order, and leave a node alone whose VM is not listed', () => {
    for (const uids of plants('byte-order')) {
      const [vm = '', node = ''] = uids;
      const links = fleet.told(fleet.stack.links(slotOf(node), uidOf));
      const note = 'in the byte order of Azure generation 1';
      expect(membersOf(node)).toEqual([vm, node]);
      expect(links).toContainEqual(expect.objectContaining({ evidence: 'system-uuid', note }));
    }
    for (const [node = ''] of plants('half-listed')) expect(membersOf(node)).toEqual([node]);
  });

  test('stand each container of the lab on its node, which is its VM, and that on the laptop', () => {
    const [host] = [...fleet.truth.runsOn()].filter(({ guest }) => guest.startsWith('virtualbox:'));
    const laptop = host?.host ?? '';
    const node = fleet.rows.find(({ identities }) => identities.some(({ value }) => value === 'k3s://k3s-lab'));
    const under = (uid: string) => fleet.rows[fleet.stack.hostOf(slotOf(uid))]?.uid;
    const machine = membersOf(node?.uid ?? '').map((uid) => fleet.read(slotOf(uid)));
    expect(machine.map(({ provider, kind }) => `${provider} ${kind}`)).toEqual([
      'virtualbox vm',
      'kubernetes host',
      'docker host',
    ]);
    expect(under(node?.uid ?? '')).toBe(laptop);
    const guests = fleet.rows.filter(({ uid }) => machine.some((row) => row.uid === under(uid)));
    expect(new Set(guests.map(({ provider }) => provider))).toEqual(new Set(['kubernetes', 'docker']));
    const seenTwice = guests.filter(({ uid }) => membersOf(uid).length === 2);
    expect(seenTwice.length).toBeGreaterThan(10);
  });

  test('list as match candidates, and never join, a Docker host and the VM that share address and name', () => {
    const candidates = fleet.told(fleet.stack.candidates().map((candidate) => fleet.stack.linkOf(candidate, uidOf)));
    const likely = candidates.filter(({ confidence }) => confidence === 'likely');
    expect(likely.length).toBeGreaterThan(0);
    const pairs = new Set<string>();
    for (const machine of fleet.truth.machines())
      for (const { a, b } of machine.pairs) for (const pair of [`${a} ${b}`, `${b} ${a}`]) pairs.add(pair);
    for (const { from, to } of likely) expect(pairs.has(`${from} ${to}`), `${from} ${to}`).toBe(true);
  });
});
