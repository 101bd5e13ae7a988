import type { Provider } from '../contract.ts';
import { type LibvirtConfig, libvirtConfig } from './config.ts';
import { polkitRule } from './polkit.ts';

export const libvirt: Provider<LibvirtConfig> = {
  id: 'libvirt',
  label: 'libvirt',
  short: 'libvirt',
  kinds: ['vm', 'container', 'host'],
  manages: 'hypervisor',
  color: { light: '#7a5a00', dark: '#e0b84c' },
  config: libvirtConfig,
  // Each is a process of its own on this machine.
  concurrency: { provider: 8, account: 1 },
  policy: (actions) => ({ format: 'text', text: polkitRule(actions) }),
  load: async () => (await import('./adapter.ts')).adapter,
};
