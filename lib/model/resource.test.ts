import { expect, it } from 'vitest';
import { NULLABLE, type Reported, resourceOf, resourceSchema } from './resource.ts';

const least: Reported = {
  uid: 'u',
  provider: 'lab',
  source: 's',
  scope: 's/a/*/machines',
  kind: 'vm',
  name: 'n',
  nativeId: 'u',
  objectId: 'u',
  state: 'running',
  raw: null,
};

it('a resource has every value of the model in its order; what the system does not say is null', () => {
  const resource = resourceOf(least);
  expect(Object.keys(resource)).toEqual(Object.keys(resourceSchema.shape));
  expect(resourceSchema.parse(resource)).toEqual(resource);
  expect(NULLABLE.length).toBeGreaterThan(20);
  for (const name of NULLABLE) expect([name, resource[name]]).toEqual([name, null]);
});

it('keeps what the system says, 0, no and nothing included', () => {
  const reported = {
    ...least,
    vcpus: 0,
    ready: false,
    nativeState: '',
    addresses: [],
    workload: { kind: 'Job', name: 'j' },
  };
  expect(resourceOf(reported)).toMatchObject(reported);
});
