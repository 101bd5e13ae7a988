import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Connection } from '#providers/contract.ts';
import { ApiServer, type KubeRequest, TOO_LARGE } from '#tests/fakes/kube-apiserver.ts';
import { statusBody } from '#tests/fakes/kube-store.ts';
import { VirtualClock } from '#tests/support/clock.ts';
import {
  aNode,
  anOwner,
  aPod,
  Mirror,
  openSource,
  owned,
  scopesOf,
  scratch,
  until,
  writeKubeconfig,
} from '#tests/support/kubernetes/kubernetes.ts';

type Step =
  | { type: 'upsert'; n: number; phase: 'Running' | 'Failed' | 'Pending' }
  | { type: 'remove'; n: number }
  | { type: 'compact' | 'bookmark' | 'other' | 'rest' }
  | { type: 'cut'; how: 'end' | 'reset' }
  | { type: 'garbage'; line: string }
  | { type: 'fault'; on: 'watch' | 'list' | 'page' | 'owner'; answer: keyof typeof ANSWERS; times: number };

const status = (code: number, reason: string, headers: Record<string, string> = {}) => ({
  status: code,
  headers,
  body: JSON.stringify(statusBody(code, reason, reason)),
});
const ANSWERS = {
  gone: status(410, 'Expired'),
  goneInStream: { body: `${JSON.stringify({ type: 'ERROR', object: statusBody(410, 'Expired', 'x') })}\n` },
  throttled: status(429, 'TooManyRequests', { 'retry-after': '3' }),
  tooLarge: { status: 504, body: JSON.stringify(TOO_LARGE) },
  unavailable: status(503, 'ServiceUnavailable'),
  internal: status(500, 'InternalError'),
  reset: 'reset',
  truncated: { body: '{"type":"ADDED","object":{"metadata":{"uid":"', end: 'reset' },
  empty: { body: '' },
  html: { body: '<html></html>\n' },
} as const;

const n = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('upsert' as const),
      n,
      phase: fc.constantFrom('Running', 'Failed', 'Pending'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('remove' as const), n }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('compact', 'bookmark', 'other', 'rest') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('cut' as const), how: fc.constantFrom('end', 'reset') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('garbage' as const),
      line: fc.constantFrom('{\n', '[]\n', 'null\n', '{"type":"ADDED"}\n'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      on: fc.constantFrom('watch', 'list', 'page', 'owner'),
      answer: fc.constantFrom(...(Object.keys(ANSWERS) as (keyof typeof ANSWERS)[])),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

const ON: Record<string, (request: KubeRequest) => boolean> = {
  watch: ({ action }) => action === 'watch pods',
  list: ({ action, query }) => action === 'list pods' && !query.has('continue'),
  page: ({ action, query }) => action === 'list pods' && query.has('continue'),
  owner: ({ action }) => action === 'list replicasets.apps',
};

/** Pods beside the 31 that move, so that a list has pages. */
const STILL = 600;

const podOf = (i: number, phase: string) =>
  aPod(i, {
    metadata: owned('ReplicaSet', `rs-${i % 4}`),
    status: phase === 'Running' ? {} : { phase, containerStatuses: [] },
  });

describe('a watch under random faults', () => {
  it('ends with exactly the objects of the server, whatever happened on the way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const clock = new VirtualClock(undefined, 2);
        const api = await ApiServer.start();
        const place = await scratch();
        const kubeconfig = await writeKubeconfig(place.folder, [{ name: 'prod', server: api.url }]);
        const connection = await openSource({ kubeconfig }, clock);
        const followers: Mirror[] = [];
        try {
          api.store.put('nodes', aNode('node-1'));
          for (let i = 0; i < 4; i++)
            api.store.put(
              'replicasets.apps',
              anOwner('ReplicaSet', `rs-${i}`, { kind: 'Deployment', name: `app-${i}` }),
            );
          for (let i = 100; i < 100 + STILL; i++) api.store.put('pods', podOf(i, 'Running'));
          const follower = await follow(connection, followers);
          for (const each of steps) await take(each, api, clock);
          await until(clock, () => expected(api) === follower() && api.watching('pods') === 1);
          expect(follower()).toBe(expected(api));
        } finally {
          for (const mirror of followers) await mirror.stop();
          await connection.close();
          await api.close();
          await place.remove();
        }
      }),
      { numRuns: 40, seed: 20_261_121, endOnFailure: true },
    );
  }, 120_000);
});

async function take(each: Step, api: ApiServer, clock: VirtualClock): Promise<void> {
  switch (each.type) {
    case 'upsert':
      return api.store.put('pods', podOf(each.n, each.phase));
    case 'remove':
      return api.store.remove('pods', aPod(each.n).metadata.uid);
    case 'compact':
      return api.store.compact();
    case 'bookmark':
      return api.bookmark();
    case 'other':
      return api.store.put('nodes', aNode('node-2'));
    case 'rest':
      for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
      return clock.advance(3000);
    case 'cut':
      return api.cut(each.how);
    case 'garbage':
      return api.send(each.line);
    case 'fault':
      return api.fault({ when: ON[each.on] ?? (() => false), times: each.times, answer: ANSWERS[each.answer] });
  }
}

/** Follows as the sync does: a watch that ends with an error is begun again. What it believes, as text. */
async function follow(connection: Connection, followers: Mirror[]): Promise<() => string> {
  const [, pods] = await scopesOf(connection);
  if (!pods) throw new Error('no scope');
  let stopped = false;
  const begin = () => {
    const last = followers.at(-1);
    const mirror = Mirror.follow(connection, pods);
    // Rows outlive a watch.
    for (const [objectId, rows] of last?.rows ?? []) mirror.rows.set(objectId, rows);
    followers.push(mirror);
    mirror.done.then(() => {
      if (!stopped && !(mirror.error instanceof Error && mirror.error.message === 'the test is over')) begin();
      else stopped = true;
    });
  };
  begin();
  return () =>
    JSON.stringify(
      [...(followers.at(-1)?.rows.values() ?? [])]
        .flat()
        .map((row) => [row.uid, row.state, row.workload?.name])
        .sort(),
    );
}

const STATE: Record<string, string> = { Running: 'running', Failed: 'failed', Pending: 'starting' };

function expected(api: ApiServer): string {
  const rows = api.store.all('pods').map((pod) => {
    const { phase } = pod.status as { phase: string };
    const owner = (pod.metadata.ownerReferences as { name: string }[])[0]?.name ?? '';
    return [`cluster-uid/${pod.metadata.uid}/app`, STATE[phase], owner.replace('rs', 'app')];
  });
  return JSON.stringify(rows.sort());
}
