import { type Resource, resourceOf } from '#lib/model/index.ts';

/** A dull VM; what a test is about, it names. */
export function anyResource(fields: Partial<Resource> = {}): Resource {
  const uid = fields.uid ?? 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc';
  const { raw = null, ...known } = fields;
  return resourceOf({
    uid,
    provider: 'aws',
    source: 's',
    scope: 's/a/*/instances',
    kind: 'vm',
    name: 'checkout-api-1',
    nativeId: uid,
    objectId: uid,
    state: 'running',
    nativeState: 'running',
    type: 'm7g.xlarge',
    vcpus: 4,
    memory: 16384,
    region: 'eu-west-1',
    zone: 'eu-west-1a',
    account: '123456789012',
    addresses: [],
    mappedAddresses: [],
    createdAt: '2026-11-01T00:00:00.000Z',
    lifecycle: 'on-demand',
    ...known,
    raw,
  });
}
