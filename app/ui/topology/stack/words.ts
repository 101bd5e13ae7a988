import type { Item } from '#lib/api/resources.ts';
import type { GuestGroup, StackAnswer } from '#lib/api/stack.ts';
import type { AppearanceOf } from '../../data/providers.tsx';
import { count, memory, quantity } from '../../text/format.ts';

type Managed = NonNullable<StackAnswer['managed']>;

const MANAGED_WORDS: Readonly<Record<Managed, string>> = {
  fargate: 'Fargate: EKS runs this node on a machine it does not show.',
  autopilot: 'Autopilot: GKE runs this node on a VM that the project does not see.',
  'virtual-node': 'Virtual node: there is no machine. Its pods run elsewhere, as container instances.',
  kubevirt: 'KubeVirt: this container is itself a VM, run by virt-launcher.',
};

/** What a row is in the stack, in the word of its own system. */
export function roleOf({ kind, provider, identities, physical }: Item, appearanceOf: AppearanceOf): string {
  if (kind === 'vm') return 'VM';
  if (kind === 'container') return 'container';
  if (identities.some(({ type }) => type === 'node')) return 'node';
  if (physical !== null) return 'hypervisor';
  const { isEngine, label } = appearanceOf(provider);
  return isEngine ? `${label} host` : 'host';
}

/** Why the stack ends where it does; null where its last layer is the hardware itself. */
export function endWords(
  { managed, self, below }: Pick<StackAnswer, 'managed' | 'self' | 'below'>,
  appearanceOf: AppearanceOf,
): string | null {
  if (managed !== null) return MANAGED_WORDS[managed];
  const { items } = below.at(-1) ?? self;
  if (items.some(({ physical }) => physical !== null)) return null;
  const declared = items.flatMap(({ hostedBy }) => hostedBy)[0];
  if (declared) {
    const name = declared.value.slice(declared.value.lastIndexOf('/') + 1);
    return `It says that it runs on ${name}, which is not listed here.`;
  }
  if (items.some(({ kind }) => kind === 'vm')) return 'The cloud does not show the machine below a VM.';
  const [first] = items;
  return `What this ${first ? roleOf(first, appearanceOf) : 'row'} runs on is not known: no listed machine has an identity of it.`;
}

/** `kubevirt` is about the row itself, not about what is below it. */
export const isVirtualMachine = ({ items }: { items: readonly Item[] }): boolean =>
  items.some(({ managed }) => managed === 'kubevirt');
export const KUBEVIRT = MANAGED_WORDS.kubevirt;

const amount = ({ cpu, memory: mib }: { cpu: number | null; memory: number | null }, unit: string): string => {
  const size = mib === null ? null : memory(mib);
  return [cpu === null ? null : `${quantity(cpu)}${unit}`, size && `${size.value} ${size.unit}`]
    .filter((part) => part !== null)
    .join(', ');
};

/** What it has or asks for, in the capacity that is its own. */
export function sizeOf({ kind, physical, allocatable, requests, vcpus, memory: mib }: Item): string {
  if (physical !== null) return `${amount(physical, ' cores')} physical`;
  if (kind === 'container') return requests ? `${amount(requests, ' cores')} requested` : 'nothing requested';
  if (allocatable !== null) return `${amount(allocatable, ' cores')} allocatable`;
  return vcpus === null && mib === null ? '' : amount({ cpu: vcpus, memory: mib }, ' vCPU');
}

const KINDS = { vm: 'VMs', container: 'Containers', host: 'Hosts' } as const;

/** What a group of rows is called: its workload, or its kind where it has none. */
export const groupName = ({ workload, kind }: Pick<GuestGroup, 'workload' | 'kind'>): string =>
  workload?.name ?? (kind === 'container' ? 'no workload' : KINDS[kind]);

const some = (n: number, one: string, many: string): string | null =>
  n === 0 ? null : `${count(n)} ${n === 1 ? one : many}`;

/** Exactly what stands on a machine: `15 VMs, 48 containers in 20 pods`. */
export function aboveWords({
  hosts,
  vms,
  containers,
  pods,
}: Omit<StackAnswer['above'], 'groups' | 'truncated'>): string {
  const inPods = some(pods, 'pod', 'pods');
  const contained = some(containers, 'container', 'containers');
  return (
    [
      some(vms, 'VM', 'VMs'),
      some(hosts, 'host', 'hosts'),
      contained && (inPods ? `${contained} in ${inPods}` : contained),
    ]
      .filter((part) => part !== null)
      .join(', ') || 'nothing'
  );
}

/** Containers by the pod that they are in; what is in no pod stands alone. */
export function byPod(items: readonly Item[]): { pod: string | null; items: Item[] }[] {
  const pods = new Map<string, { pod: string | null; items: Item[] }>();
  for (const item of items) {
    const key = item.pod === null ? item.uid : `${item.cluster} ${item.namespace} ${item.pod}`;
    const entry = pods.get(key) ?? { pod: item.pod, items: [] };
    entry.items.push(item);
    pods.set(key, entry);
  }
  return [...pods.values()];
}
