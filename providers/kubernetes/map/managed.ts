import type { Resource } from '#lib/model/index.ts';
import type { RawMeta, RawNode } from './raw.ts';

/**
 * A node below which nobody can list a machine, by what its own maker puts on it:
 * - EKS Fargate: label `eks.amazonaws.com/compute-type: fargate`, provider id `aws:///<zone>/<hash>/fargate-<name>`.
 * - Virtual Kubelet (AKS virtual nodes, ECI, ...): label `type: virtual-kubelet`, or its taint.
 *   https://learn.microsoft.com/azure/aks/virtual-nodes-cli
 * - GKE Autopilot: names begin with `gk3-`, those of Standard with `gke-`; no label tells. That only Autopilot has the prefix is what
 *   Google's own Config Sync goes by (GoogleContainerTools/kpt-config-sync, `autopilotPrefix`).
 */
export function managedNode(node: RawNode, name: string): Resource['managed'] {
  const labels = node.metadata?.labels ?? {};
  const providerId = typeof node.spec?.providerID === 'string' ? node.spec.providerID : '';
  if (labels['eks.amazonaws.com/compute-type'] === 'fargate' || /^aws:.*\/fargate-/.test(providerId)) return 'fargate';
  if (labels.type === 'virtual-kubelet' || isTainted(node, 'virtual-kubelet.io/provider')) return 'virtual-node';
  return name.startsWith('gk3-') && (providerId === '' || providerId.startsWith('gce:')) ? 'autopilot' : null;
}

function isTainted({ spec }: RawNode, key: string): boolean {
  return (
    Array.isArray(spec?.taints) &&
    spec.taints.some(
      (taint: unknown) => typeof taint === 'object' && taint !== null && 'key' in taint && taint.key === key,
    )
  );
}

/**
 * The name of the VM that a pod of KubeVirt is, as its owner calls it; null for every other pod, the empty text where it is not told.
 * https://kubevirt.io/user-guide/architecture/
 */
export function kubeVirtVm({ labels, annotations }: RawMeta): string | null {
  if (labels?.['kubevirt.io'] !== 'virt-launcher') return null;
  const name = labels['vm.kubevirt.io/name'] ?? annotations?.['kubevirt.io/domain'];
  return typeof name === 'string' ? name : '';
}

/** The container of a virt-launcher pod in which the VM runs; the others serve it. */
export const KUBEVIRT_CONTAINER = 'compute';
