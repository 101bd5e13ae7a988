import type { Provider } from '../contract.ts';
import { configSchema, type DockerConfig } from './config.ts';
import { proxyPolicy } from './policy.ts';

export const docker: Provider<DockerConfig> = {
  id: 'docker',
  label: 'Docker',
  short: 'Docker',
  kinds: ['container', 'host'],
  manages: 'engine',
  color: { light: '#0b6b8f', dark: '#5cc8f2' },
  config: configSchema,
  // An engine is one machine that has other work: its rows are read by one listing at a time.
  concurrency: { provider: 32, account: 1 },
  policy: proxyPolicy,
  load: async () => (await import('./adapter.ts')).adapter,
};
