import { expect, test } from 'vitest';
import type { Link } from '#lib/model/index.ts';
import { conflictWords, evidenceValue, isLinking, linksBetween } from './evidence.ts';

const link: Link = {
  relation: 'same-as',
  from: 'a',
  to: 'b',
  evidence: 'provider-id',
  value: 'eu-central-1b/i-0abc',
  confidence: 'certain',
  note: null,
};

test('a node is said by its name, a hypervisor without its cloud, other evidence whole', () => {
  expect(evidenceValue({ evidence: 'node', value: 'cluster-uid/ip-10-0-0-1' })).toBe('ip-10-0-0-1');
  expect(evidenceValue({ evidence: 'host', value: 'openstack/keystone/one/compute-05' })).toBe('compute-05');
  expect(evidenceValue(link)).toBe('eu-central-1b/i-0abc');
});

test('links of a pair are found whichever way round, and no others', () => {
  const links = [link, { ...link, from: 'a', to: 'c' }];
  expect(linksBetween(links, 'b', 'a')).toEqual([link]);
  expect(linksBetween(links, 'b', 'c')).toEqual([]);
});

test('an identity links only by type and value, and only where the link is certain', () => {
  expect(isLinking([link], { type: 'provider-id', value: 'eu-central-1b/i-0abc' })).toBe(true);
  expect(isLinking([link], { type: 'instance-id', value: 'eu-central-1b/i-0abc' })).toBe(false);
  expect(isLinking([{ ...link, confidence: 'likely' }], { type: 'provider-id', value: link.value })).toBe(false);
});

test('each conflict is told with its own reason', () => {
  const told = (['cloned', 'claimed-twice', 'reused-name', 'split'] as const).map((kind) =>
    conflictWords({ kind, evidence: 'machine-id', count: 3 }),
  );
  expect(new Set(told).size).toBe(4);
  expect(told[0]).toContain('3 resources say the same machine id');
});

test('what people said against each other, and hosts of the same guests, are told in sentences of their own', () => {
  expect(conflictWords({ kind: 'split', evidence: 'person', count: 2 })).toContain('another one splits');
  expect(conflictWords({ kind: 'split', evidence: 'guests', count: 2 })).toContain('the same guests run on');
  expect(conflictWords({ kind: 'cloned', evidence: 'guests', count: 3 })).toContain('3 hosts that cannot be one');
});
