import { describe, expect, test } from 'vitest';
import type { Resource } from '#lib/model/index.ts';
import type { StoredResource } from '#lib/store/reader.ts';
import { MemoryStore } from '#tests/support/memory-store.ts';
import { started, uidsOf } from '#tests/support/query-rig.ts';
import { anyResource } from '#tests/support/resource.ts';
import { NODE, STACKED, VM } from '#tests/support/stack/stacked-fleet.ts';
import capacityQuestion from './capacity.ts';
import groupsQuestion from './groups.ts';
import identityQuestion from './identity.ts';
import machineQuestion from './machine.ts';
import resourcesQuestion from './resources.ts';
import stackQuestion from './stack.ts';
import treeQuestion from './tree.ts';

class WatchedStore extends MemoryStore {
  readings = 0;
  /** What happens while rows are read. */
  meanwhile = async (): Promise<void> => {};

  override async rows(uids: readonly string[]): Promise<StoredResource[]> {
    this.readings++;
    await this.meanwhile();
    return super.rows(uids);
  }
}

/** Beside the layers: a container on a container, a match candidate, and two in conflict. */
const outer = anyResource({
  uid: 'outer',
  kind: 'container',
  name: 'Kind-Node',
  identities: [{ type: 'host', value: 'docker/inner' }],
});
const inner = anyResource({ uid: 'inner', kind: 'container', hostedBy: [{ type: 'host', value: 'docker/inner' }] });
const mac = { type: 'mac', value: '52:54:00:00:00:01' } as const;
const candidatePair = [
  anyResource({ uid: 'pair-1', identities: [{ type: 'instance-id', value: 'i-9' }, mac] }),
  anyResource({ uid: 'pair-2', kind: 'host', provider: 'docker', identities: [mac] }),
];
const uuid = { type: 'system-uuid', value: 'cloned' } as const;
const cloned = ['clone-1', 'clone-2'].map((uid) => anyResource({ uid, provider: 'libvirt', identities: [uuid] }));
const FLEET: readonly Resource[] = [...STACKED, outer, inner, ...candidatePair, ...cloned];

const rig = async () => {
  const store = new WatchedStore();
  return { ...(await started(FLEET, store)), store };
};

describe('a question', () => {
  test.each<[string, (ask: Awaited<ReturnType<typeof rig>>['ask']) => Promise<unknown>]>([
    ['a page', (ask) => ask(resourcesQuestion, { q: '', sort: '', limit: 100 })],
    ['a tree', (ask) => ask(treeQuestion, { q: '', sort: '', limit: 100, offset: 0 })],
    ['groups by machine', (ask) => ask(groupsQuestion, { q: '', by: 'machine' })],
    ['a stack', (ask) => ask(stackQuestion, { uid: 'c1' })],
    ['a stack on a container', (ask) => ask(stackQuestion, { uid: 'inner' })],
    ['a stack with a match candidate', (ask) => ask(stackQuestion, { uid: 'pair-1' })],
    ['a machine with a conflict', (ask) => ask(machineQuestion, { uid: 'clone-1' })],
    ['a capacity with a match candidate', (ask) => ask(capacityQuestion, { q: '' })],
    ['all identities', (ask) => ask(identityQuestion, { confidence: 'likely', limit: 100, offset: 0 })],
  ])('reads the rows of %s at once', async (_, run) => {
    const { store, ask } = await rig();
    await run(ask);
    expect(store.readings).toBe(1);
  });

  test('names a container that another one runs on as it is spelled', async () => {
    const { ask } = await rig();
    const { items } = await ask(resourcesQuestion, { q: 'id:inner', sort: '', limit: 100 });
    expect(items[0]?.host).toEqual({ uid: 'outer', machine: 'outer', name: 'Kind-Node', kind: 'container' });
  });

  test('has the texts of evidence', async () => {
    const { ask } = await rig();
    const { candidates, conflicts } = await ask(identityQuestion, { confidence: 'likely', limit: 100, offset: 0 });
    expect(candidates.map(({ link }) => [link.evidence, link.value])).toEqual([['mac', mac.value]]);
    expect(conflicts.map(({ evidence, value }) => [evidence, value])).toEqual([['system-uuid', 'cloned']]);
  });
});

describe('an answer whose rows change while they are read', () => {
  test('has the links of the moment of the question, without the text that is no longer there', async () => {
    const { store, ask, follower, engine } = await rig();
    const before = await ask(stackQuestion, { uid: 'server' });
    expect(before?.links.map(({ relation, evidence }) => [relation, evidence])).toEqual([
      ['same-as', 'instance-id'],
      ['runs-on', 'host'],
    ]);
    store.meanwhile = async () => {
      store.commit([{ ...VM, identities: [] }]);
      await follower.poll();
      engine.compact();
    };
    const answer = await ask(stackQuestion, { uid: 'server' });
    expect(uidsOf(answer?.self.items ?? [])).toEqual(['server', 'kube/n1']);
    expect(answer?.links.map(({ relation, evidence }) => [relation, evidence])).toEqual([['runs-on', 'host']]);
  });

  test('leaves out what is gone for good', async () => {
    const { store, ask, follower, engine } = await rig();
    store.meanwhile = async () => {
      store.commit([], [NODE.uid]);
      await follower.poll();
      engine.compact();
      store.prune();
    };
    const answer = await ask(stackQuestion, { uid: 'server' });
    expect(uidsOf(answer?.self.items ?? [])).toEqual(['server']);
    expect(answer?.named.map(({ uid }) => uid)).not.toContain(NODE.uid);
  });

  test('is none where the resource itself is gone for good', async () => {
    const { store, ask } = await rig();
    store.meanwhile = async () => {
      store.commit([], ['c1']);
      store.prune();
    };
    expect(await ask(stackQuestion, { uid: 'c1' })).toBeNull();
  });
});
