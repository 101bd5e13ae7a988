import type { Resource } from '#lib/model/index.ts';
import { tagsOf } from '#lib/model/index.ts';

/** A resource with every field set to something dull; what a test is about, it names. */
export function anyResource(fields: Partial<Resource> = {}): Resource {
  const uid = fields.uid ?? 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc';
  return {
    uid,
    provider: 'aws',
    source: 's',
    scope: 's/a/*/instances',
    kind: 'vm',
    name: 'checkout-api-1',
    nativeId: uid,
    origin: uid,
    aliases: [],
    identities: [],
    state: 'running',
    nativeState: 'running',
    stateReason: null,
    restarts: null,
    type: 'm7g.xlarge',
    vcpus: 4,
    memory: 16384,
    requests: null,
    limits: null,
    allocatable: null,
    region: 'eu-west-1',
    zone: 'eu-west-1a',
    account: '123456789012',
    cluster: null,
    namespace: null,
    workload: null,
    pod: null,
    image: null,
    os: null,
    privateAddresses: [],
    publicAddresses: [],
    createdAt: '2026-11-01T00:00:00.000Z',
    startedAt: null,
    tags: tagsOf([]),
    lifecycle: 'on-demand',
    isolation: null,
    hostedBy: [],
    consoleUrl: null,
    raw: null,
    ...fields,
  };
}
