import { policyFrom } from '#providers/kit/policy/policy.ts';
import type { Provider } from '../contract.ts';
import { type AwsConfig, awsConfig } from './config.ts';

export const aws: Provider<AwsConfig> = {
  id: 'aws',
  label: 'AWS',
  short: 'AWS',
  kinds: ['vm'],
  manages: 'cloud',
  color: { light: '#b8450b', dark: '#fb923c' },
  config: awsConfig,
  // Quotas are per account and region and API: 100 calls, refilled by 20 a second.
  concurrency: { provider: 16, account: 4 },
  policy: policyFrom(import.meta.dirname),
  load: async () => (await import('./adapter.ts')).adapter,
};
