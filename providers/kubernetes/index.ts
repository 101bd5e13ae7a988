import { policyFrom } from '#providers/kit/policy/policy.ts';
import type { Provider } from '../contract.ts';
import { configSchema, type KubernetesConfig } from './config.ts';

export const kubernetes: Provider<KubernetesConfig> = {
  id: 'kubernetes',
  label: 'Kubernetes',
  short: 'K8s',
  kinds: ['container', 'host'],
  manages: 'cluster',
  color: { light: '#4a3fc0', dark: '#a99cff' },
  config: configSchema,
  concurrency: { provider: 32, account: 2 },
  policy: policyFrom(import.meta.dirname),
  load: async () => (await import('./adapter.ts')).adapter,
};
