import type { Provider } from '../contract.ts';
import { configSchema, type IncusConfig } from './config.ts';
import { trustPolicy } from './policy.ts';

export const incus: Provider<IncusConfig> = {
  id: 'incus',
  label: 'Incus and LXD',
  short: 'Incus',
  kinds: ['container', 'vm', 'host'],
  manages: 'hypervisor',
  color: { light: '#b3261e', dark: '#ff8a75' },
  config: configSchema,
  // A list of a cluster asks each of its members.
  concurrency: { provider: 16, account: 1 },
  policy: trustPolicy,
  load: async () => (await import('./adapter.ts')).adapter,
};
