import { expect, test } from 'vitest';
import { understood } from './understood.ts';

test('says amounts and plain values, and of secrets only that they are set', () => {
  expect(
    understood({
      accounts: [{ id: '1', externalId: 'canary' }],
      regions: [],
      region: 'eu-west-1',
      token: 'canary',
      clientSecretFile: '/etc/secret',
      clientSecret: 'canary',
      mock: { seed: 1, faults: true },
      names: {},
    }),
  ).toEqual([
    'accounts: 1 entry',
    'regions: 0 entries',
    'region: eu-west-1',
    'token: (set)',
    'clientSecretFile: /etc/secret',
    'clientSecret: (set)',
    'mock: seed: 1, faults: true',
    'names: (empty)',
  ]);
});
