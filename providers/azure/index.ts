import { policyFrom } from '#providers/kit/policy/policy.ts';
import type { Provider } from '../contract.ts';
import { type AzureConfig, azureConfig } from './config.ts';

export const azure: Provider<AzureConfig> = {
  id: 'azure',
  label: 'Azure',
  short: 'Az',
  kinds: ['vm'],
  manages: 'cloud',
  color: { light: '#0369a1', dark: '#38bdf8' },
  config: azureConfig,
  // ARM's buckets are per subscription and region; a listing takes a handful of calls of one subscription.
  concurrency: { provider: 16, account: 2 },
  policy: policyFrom(import.meta.dirname),
  load: async () => (await import('./adapter.ts')).adapter,
};
