import { aws } from './aws/index.ts';
import { azure } from './azure/index.ts';
import type { Provider } from './contract.ts';
import { docker } from './docker/index.ts';
import { gcp } from './gcp/index.ts';
import { incus } from './incus/index.ts';
import { kubernetes } from './kubernetes/index.ts';
import { libvirt } from './libvirt/index.ts';
import { openstack } from './openstack/index.ts';
import { virtualbox } from './virtualbox/index.ts';
import { vmwareWorkstation } from './vmware-workstation/index.ts';

/** Every provider: one folder and one line here. Manifests are plain data; SDKs load with the first source that needs one. */
export const registry = {
  aws,
  azure,
  docker,
  gcp,
  incus,
  kubernetes,
  libvirt,
  openstack,
  virtualbox,
  'vmware-workstation': vmwareWorkstation,
} as const satisfies Record<string, Provider>;

export type ProviderId = keyof typeof registry;
