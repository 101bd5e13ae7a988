import { expect, test } from 'vitest';
import { accountNames } from './account-names.ts';

test('a cluster uid is said as the cluster, an account that people know by its id stays as it is', () => {
  const names = accountNames([
    { provider: 'kubernetes', account: '06ef6c5d', label: 'prod-eu-central-1-1 nodes' },
    { provider: 'kubernetes', account: '06ef6c5d', label: 'prod-eu-central-1-1 pods' },
    { provider: 'aws', account: '112584041041', label: '112584041041 eu-west-1' },
  ]);
  expect([...names]).toEqual([['06ef6c5d', 'cluster prod-eu-central-1-1']]);
});
