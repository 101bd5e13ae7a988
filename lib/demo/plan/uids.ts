import type { Cluster, Container, Machine, Node, Pod } from '../types/types.ts';
import type { DockerContainer, DockerHost } from '../types/types-docker.ts';
import type { IncusCluster, IncusInstance, IncusMember } from '../types/types-incus.ts';
import type { Domain, LibvirtHost } from '../types/types-libvirt.ts';
import type { Hypervisor, OpenStackCloud } from '../types/types-openstack.ts';
import type { Laptop, VirtualBoxVm } from '../types/types-virtualbox.ts';
import type { Desk, DeskVm } from '../types/types-workstation.ts';

/*
 * Uids of the model for what the fleet has, in the forms that `docs/architecture.md` (Identity) fixes. They are written a second time
 * here, so that a mapping that changes its uids is noticed.
 */

export function machineUid(machine: Machine, cloud: OpenStackCloud): string {
  const { account, region } = machine.place;
  switch (machine.cloud) {
    case 'aws':
      return `arn:aws:ec2:${region}:${account.id}:instance/${machine.nativeId}`;
    case 'gcp':
      return `//compute.googleapis.com/projects/${account.id}/zones/${machine.zone}/instances/${machine.nativeId}`;
    case 'azure':
      return `${machine.nativeId.toLowerCase()}@${machine.systemUuid}`;
    case 'openstack':
      return `${cloud.authHost}/${cloud.region}/${machine.systemUuid}`;
    case 'virtualbox':
      return `virtualbox:${account.id}/${machine.nativeId}`;
  }
}

export const hypervisorUid = (cloud: OpenStackCloud, hypervisor: Hypervisor): string =>
  `${cloud.authHost}/${cloud.region}/hypervisor/${hypervisor.id}`;

export const nodeUid = (node: Node): string => `${node.cluster.uid}/${node.uid}`;

export const containerUid = (cluster: Cluster, pod: Pod, container: Container): string =>
  `${cluster.uid}/${pod.uid}/${container.name}${container.init ? ':init' : ''}`;

export const libvirtHostUid = (host: LibvirtHost): string => host.uuid;
export const domainUid = (domain: Pick<Domain, 'host' | 'uuid'>): string =>
  `${domain.host.uuid}/${domain.host.driver}:/system/${domain.uuid}`;

export const laptopUid = ({ hostname }: Laptop): string => `virtualbox:${hostname}`;
export const virtualBoxUid = ({ laptop, uuid }: VirtualBoxVm): string => `${laptopUid(laptop)}/${laptop.user}/${uuid}`;

export const dockerHostUid = (host: DockerHost): string => host.id;
export const dockerContainerUid = (container: DockerContainer): string => `${container.host.id}/${container.id}`;

export const incusMemberUid = (cluster: IncusCluster, member: IncusMember): string =>
  `${cluster.fingerprint}/member/${member.name}`;
export const incusInstanceUid = ({ cluster, uuid }: IncusInstance): string => `${cluster.fingerprint}/${uuid}`;
export const deskUid = (desk: Desk): string => `workstation/${desk.hostname}`;
export const deskVmUid = (vm: DeskVm): string => `workstation/${vm.desk.hostname}${vm.path}`;
