import type { Provider } from '../contract.ts';
import { type WorkstationConfig, workstationConfig } from './config.ts';
import { proxyRules } from './policy.ts';

export const vmwareWorkstation: Provider<WorkstationConfig> = {
  id: 'vmware-workstation',
  label: 'VMware Workstation and Fusion',
  short: 'VMware',
  kinds: ['vm', 'host'],
  manages: 'hypervisor',
  color: { light: '#4d6b00', dark: '#a9cc4b' },
  config: workstationConfig,
  concurrency: { provider: 8, account: 1 },
  policy: (actions) => ({ format: 'text', text: proxyRules(actions) }),
  load: async () => (await import('./adapter.ts')).adapter,
};
