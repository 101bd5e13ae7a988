import { policyFrom } from '#providers/kit/policy/policy.ts';
import type { Provider } from '../contract.ts';
import { type GcpConfig, gcpConfig } from './config.ts';

export const gcp: Provider<GcpConfig> = {
  id: 'gcp',
  label: 'Google Cloud',
  short: 'GCP',
  kinds: ['vm'],
  manages: 'cloud',
  color: { light: '#1d4ed8', dark: '#7ea6ff' },
  config: gcpConfig,
  // Reads cost one request per 500 machines; the quota is per project and minute.
  concurrency: { provider: 16, account: 2 },
  policy: policyFrom(import.meta.dirname),
  load: async () => (await import('./adapter.ts')).adapter,
};
