import type { LinkRow } from './port.ts';

/**
 * What a row is of its machine, which has at most one row in each role: a cloud's VM, one system's domain, one node, one system's host
 * (each engine, where the start of its kernel is known), one view of a container.
 */
interface Role {
  name: string;
  /** The lowest comes first: what provisions a machine. */
  precedence: number;
}

const CLOUD_VM = 'vm';
const CLOUD_IDS: ReadonlySet<string> = new Set(['provider-id', 'instance-id', 'resource-id', 'vm-id']);

/** Which of a machine's rows come before which. */
const PRECEDENCE = {
  cloudVm: 0,
  hypervisorsVm: 1,
  podsContainer: 2,
  enginesContainer: 3,
  node: 4,
  otherHost: 5,
} as const;

/**
 * A VM with a cloud's own id is in the one role that all clouds share: no machine is provisioned by two. One without (a libvirt
 * domain) is a hypervisor's view of it and has the role of its system, as hosts and containers do.
 */
function roleOf({ kind, provider, identities, hostedBy }: LinkRow): Role {
  if (kind === 'vm')
    return identities.some(({ type }) => CLOUD_IDS.has(type))
      ? { name: CLOUD_VM, precedence: PRECEDENCE.cloudVm }
      : { name: `vm/${provider}`, precedence: PRECEDENCE.hypervisorsVm };
  // Which start of a kernel it runs under says nothing but the machine itself, and any number of engines may run there.
  const isProven = kind === 'host' && identities.some(({ type }) => type === 'boot-id');
  const engine = isProven ? identities.find(({ type }) => type === 'host')?.value : undefined;
  const name = `${kind}/${provider}${engine === undefined ? '' : `/${engine}`}`;
  // An engine names itself as the host of its containers, a cluster the node.
  const isEngines = hostedBy.some(({ type }) => type === 'host');
  if (kind === 'container')
    return { name, precedence: isEngines ? PRECEDENCE.enginesContainer : PRECEDENCE.podsContainer };
  const isNode = identities.some(({ type }) => type === 'node');
  return { name, precedence: isNode ? PRECEDENCE.node : PRECEDENCE.otherHost };
}

/** The roles that rows have, by number. */
export class Roles {
  readonly #roles: Role[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #bits: number[] = [];

  numberOf(row: LinkRow): number {
    const role = roleOf(row);
    const key = `${role.precedence} ${role.name}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#roles.push(role) - 1;
    this.#numbers.set(key, number);
    if (!this.#names.includes(role.name)) this.#names.push(role.name);
    this.#bits.push(1 << Math.min(this.#names.indexOf(role.name), 30));
    return number;
  }

  /** As one bit of 31; systems beyond share the last one and are never joined with each other. */
  bit(number: number): number {
    return this.#bits[number] ?? 0;
  }

  isVm(number: number): boolean {
    return this.#roles[number]?.name === CLOUD_VM;
  }

  isNode(number: number): boolean {
    return this.precedence(number) === PRECEDENCE.node;
  }

  /** Negative where the first comes before the second. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const [x, y] = [this.#roles[a], this.#roles[b]];
    if (!x || !y) return 0;
    return x.precedence - y.precedence || (x.name < y.name ? -1 : 1);
  }

  precedence(number: number): number {
    return this.#roles[number]?.precedence ?? 0;
  }
}
