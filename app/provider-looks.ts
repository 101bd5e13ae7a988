import type { ProviderLook } from './components/data/providers.tsx';

/**
 * How the page says a provider. The manifests say the same, but nothing that the web loads may lead to an SDK, and theirs do; a
 * provider that is missing here is shown by its id.
 */
export const PROVIDER_LOOKS: readonly ProviderLook[] = [
  { id: 'aws', label: 'AWS', short: 'AWS' },
  { id: 'gcp', label: 'Google Cloud', short: 'GCP' },
  { id: 'azure', label: 'Azure', short: 'Az' },
  { id: 'kubernetes', label: 'Kubernetes', short: 'K8s' },
  { id: 'openstack', label: 'OpenStack', short: 'OS' },
  { id: 'docker', label: 'Docker', short: 'Dkr' },
  { id: 'libvirt', label: 'libvirt', short: 'KVM' },
];
