import type { Provider } from '../contract.ts';
import { type OpenStackConfig, openstackConfig } from './config.ts';
import { policyOf } from './policy.ts';

export const openstack: Provider<OpenStackConfig> = {
  id: 'openstack',
  label: 'OpenStack',
  short: 'OS',
  kinds: ['vm', 'host'],
  manages: 'cloud',
  color: { light: '#b4123f', dark: '#ff8095' },
  config: openstackConfig,
  // A page of a thousand servers is heavy work for a Nova; clouds of one's own have few API workers.
  concurrency: { provider: 8, account: 2 },
  policy: policyOf,
  load: async () => (await import('./adapter.ts')).adapter,
};
