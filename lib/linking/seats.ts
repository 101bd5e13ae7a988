import type { Member } from './port.ts';

/** A machine has at most one row per seat: a cloud's VM, one system's domain, one node, one system's host (each engine, where the start of its kernel
 * is known), one view of a container. */
export interface Seat {
  name: string;
  /** Order of standing: what provisions a machine first. */
  standing: number;
}

const CLOUD_VM = 'vm';
const NODE = 4;
const CLOUD_IDS: ReadonlySet<string> = new Set(['provider-id', 'instance-id', 'resource-id', 'vm-id']);

/**
 * A VM with a cloud's own id sits in the one seat that all clouds share: no machine is provisioned by two. One without (a libvirt
 * domain) is a hypervisor's view of it and sits in the seat of its system, as hosts and containers do.
 */
function seatOf({ kind, provider, identities }: Member): Seat {
  if (kind === 'vm')
    return identities.some(({ type }) => CLOUD_IDS.has(type))
      ? { name: CLOUD_VM, standing: 0 }
      : { name: `vm/${provider}`, standing: 1 };
  // Which start of a kernel it runs under says nothing but the machine itself, and any number of engines may run there.
  const isProven = kind === 'host' && identities.some(({ type }) => type === 'boot-id');
  const engine = isProven ? identities.find(({ type }) => type === 'host')?.value : undefined;
  const name = `${kind}/${provider}${engine === undefined ? '' : `/${engine}`}`;
  if (kind === 'container') return { name, standing: provider === 'kubernetes' ? 2 : 3 };
  return { name, standing: identities.some(({ type }) => type === 'node') ? NODE : 5 };
}

/** The seats that rows have, by number. */
export class Seats {
  readonly #seats: Seat[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #bits: number[] = [];

  numberOf(row: Member): number {
    const seat = seatOf(row);
    const key = `${seat.standing} ${seat.name}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#seats.push(seat) - 1;
    this.#numbers.set(key, number);
    if (!this.#names.includes(seat.name)) this.#names.push(seat.name);
    this.#bits.push(1 << Math.min(this.#names.indexOf(seat.name), 30));
    return number;
  }

  /** As one bit of 31; systems beyond share the last one and are never joined with each other. */
  bit(number: number): number {
    return this.#bits[number] ?? 0;
  }

  isVm(number: number): boolean {
    return this.#seats[number]?.name === CLOUD_VM;
  }

  isNode(number: number): boolean {
    return this.standing(number) === NODE;
  }

  /** Negative where the first stands before the second. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const [x, y] = [this.#seats[a], this.#seats[b]];
    if (!x || !y) return 0;
    return x.standing - y.standing || (x.name < y.name ? -1 : 1);
  }

  standing(number: number): number {
    return this.#seats[number]?.standing ?? 0;
  }
}
