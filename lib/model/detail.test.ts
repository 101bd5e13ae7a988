import { describe, expect, it } from 'vitest';
import { anyResource } from '#tests/support/resource.ts';
import { type DetailError, notKnown } from './detail.ts';

const failing = (call: string, fields: DetailError['fields']): DetailError => ({
  call,
  fields,
  kind: 'network',
  message: 'answers 500',
  since: '2026-11-21T09:00:00.000Z',
});
const sizes = failing('ec2:DescribeInstanceTypes', ['vcpus', 'memory']);
const owners = failing('list replicasets.apps', ['workload']);

describe('notKnown', () => {
  it('fault 5, fault 103: names the empty fields of a row that a failing call would tell, and the call', () => {
    const row = anyResource({ vcpus: 4, memory: null, addresses: [], mappedAddresses: ['1.2.3.4'] });
    const addresses = failing('nics', ['addresses', 'mappedAddresses']);
    expect(notKnown(row, [sizes, addresses])).toEqual([
      { ...sizes, fields: ['memory'] },
      { ...addresses, fields: ['addresses'] },
    ]);
  });

  it('says nothing of a row that has all of them, nor while every call works', () => {
    expect(notKnown(anyResource({ vcpus: 4, memory: 1 }), [sizes])).toEqual([]);
    expect(notKnown(anyResource({ vcpus: null, memory: null }), [])).toEqual([]);
  });

  it('takes a ReplicaSet and a Job for less than the workload, which stands above them', () => {
    const of = (kind: string) => notKnown(anyResource({ workload: { kind, name: 'web' } }), [owners]);
    expect([of('ReplicaSet'), of('Job')]).toEqual([[owners], [owners]]);
    expect(of('Deployment')).toEqual([]);
  });
});
