import type { Provider } from '../contract.ts';
import { type VirtualBoxConfig, virtualBoxConfig } from './config.ts';
import { gate } from './policy.ts';

export const virtualbox: Provider<VirtualBoxConfig> = {
  id: 'virtualbox',
  label: 'VirtualBox',
  short: 'VBox',
  kinds: ['vm', 'host'],
  manages: 'hypervisor',
  color: { light: '#8a3b12', dark: '#f0a070' },
  config: virtualBoxConfig,
  concurrency: { provider: 8, account: 1 },
  policy: (actions) => ({ format: 'text', text: gate(actions) }),
  load: async () => (await import('./adapter.ts')).adapter,
};
