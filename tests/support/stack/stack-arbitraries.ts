import fc from 'fast-check';
import type { LinkRow } from '#lib/linking/index.ts';
import type { Decision, Identity } from '#lib/model/index.ts';

export const few = (prefix: string, most: number) => fc.integer({ min: 1, max: most }).map((n) => `${prefix}${n}`);

const TYPES: readonly Identity['type'][] = [
  ...(['provider-id', 'resource-id', 'instance-id', 'vm-id', 'system-uuid', 'boot-id', 'runtime-id'] as const),
  ...(['machine-id', 'mac', 'hostname'] as const),
];
const identity: fc.Arbitrary<Identity> = fc.oneof(
  fc.record({ type: fc.constantFrom(...TYPES), value: few('v', 4) }),
  fc.record({ type: fc.constant('address' as const), value: fc.constantFrom('10.0.0.1', '10.0.0.2', '198.51.100.7') }),
);
const hostName: fc.Arbitrary<Identity> = fc.record({
  type: fc.constantFrom('host' as const, 'node' as const, 'instance-id' as const),
  value: few('h', 4),
});
const system = fc.constantFrom(
  ...([
    ['vm', 'aws'],
    ['vm', 'azure'],
    ['vm', 'openstack'],
    ['vm', 'libvirt'],
    ['host', 'kubernetes'],
    ['host', 'docker'],
    ['host', 'openstack'],
    ['host', 'libvirt'],
    ['container', 'kubernetes'],
    ['container', 'docker'],
  ] as const),
);

const REST = { source: 's', createdAt: null, account: null, managed: null };

/** Rows of few values, so that much is shared. */
const anyRow: fc.Arbitrary<LinkRow> = fc
  .record({
    uid: few('row-', 12),
    system,
    state: fc.constantFrom('running' as const, 'running' as const, 'terminated' as const),
    identities: fc.array(identity, { maxLength: 4 }),
    names: fc.array(hostName, { maxLength: 1 }),
    hostedBy: fc.array(hostName, { maxLength: 2 }),
  })
  .map(({ system: [kind, provider], identities, names, ...rest }) => ({
    ...rest,
    ...REST,
    kind,
    provider,
    identities: [...identities, ...names],
  }));

/** Two hypervisors as Nova and as libvirt see them, and what runs on them: their guests are in common, or nearly. */
const virtual: fc.Arbitrary<LinkRow> = fc
  .record({
    uid: few('row-', 12),
    provider: fc.constantFrom('openstack', 'libvirt'),
    isHost: fc.boolean(),
    number: fc.constantFrom(1, 1, 1, 2),
    guest: few('g', 3),
    name: fc.option(fc.constantFrom('hostname a', 'hostname b')),
  })
  .map(({ uid, provider, isHost, number, guest, name }): LinkRow => {
    const host: Identity = { type: 'host', value: `${provider}/${number}` };
    const named: Identity[] = name === null ? [] : [{ type: 'hostname', value: name }];
    const ids: Identity[] = [{ type: 'system-uuid', value: guest }];
    if (provider === 'openstack') ids.push({ type: 'instance-id', value: guest });
    const common = { ...REST, uid, provider, state: 'running' as const };
    return isHost
      ? { ...common, kind: 'host', identities: [host, ...named], hostedBy: [] }
      : { ...common, kind: 'vm', identities: ids, hostedBy: [host] };
  });

/** Of one key only: who has it and who may comes and goes. */
const claim: fc.Arbitrary<LinkRow> = fc
  .record({ uid: few('row-', 12), system, type: fc.constantFrom('instance-id' as const, 'provider-id' as const) })
  .map(({ uid, system: [kind, provider], type }) => ({
    ...{ ...REST, uid, kind, provider, state: 'running' },
    ...{ identities: [{ type, value: 'v1' }], hostedBy: [] },
  }));
export const row = fc.oneof(
  { weight: 2, arbitrary: anyRow },
  { weight: 3, arbitrary: virtual },
  { weight: 1, arbitrary: claim },
);

const decision: fc.Arbitrary<Decision> = fc
  .record({ x: few('row-', 12), y: few('row-', 12), verdict: fc.constantFrom('join' as const, 'split' as const) })
  .filter(({ x, y }) => x !== y)
  .map(({ x, y, verdict }) => {
    const [a, b] = x < y ? [x, y] : [y, x];
    return { a, b, verdict, reason: 'because', at: '2026-11-21T09:00:00.000Z' };
  });
/** One word a pair. */
export const decisions = fc.uniqueArray(decision, { maxLength: 3, selector: ({ a, b }) => `${a} ${b}` });

/** Alone, and more than all others. */
export const BYSTANDERS: readonly LinkRow[] = Array.from({ length: 40 }, (_, n) => ({
  ...REST,
  ...{ uid: `alone-${n}`, provider: 'gcp', kind: 'vm', state: 'running' },
  ...{ identities: [{ type: 'instance-id', value: `alone-${n}` }], hostedBy: [] },
}));
