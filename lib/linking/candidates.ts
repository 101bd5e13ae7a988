import type { Confidence } from '#lib/model/index.ts';
import { LIKELY, TYPE } from './evidence.ts';
import type { LinkGraph } from './link-graph.ts';
import type { Candidate } from './port.ts';

/** An address or MAC that more rows have is that of a router or of a template, and speaks for no pair. */
const MOST_HOLDERS = 16;

type Unsure = Exclude<Confidence, 'certain'>;
const LIKELY_TYPES: ReadonlySet<number> = new Set(LIKELY.map((type) => TYPE[type]));

/** Pairs of machines that evidence speaks for without being enough: one a pair, by the best of its evidence. */
export class Candidates {
  readonly #graph: LinkGraph;
  readonly #best = new Map<string, Candidate>();

  constructor(graph: LinkGraph) {
    this.#graph = graph;
  }

  /** All candidates there are, likely ones first. */
  static all(graph: LinkGraph): Candidate[] {
    const candidates = new Candidates(graph);
    const { keys } = graph;
    for (let entry = 0; entry < keys.size; entry++)
      if (keys.next[entry] !== 0 && keys.isHead(entry)) candidates.#addKey(entry);
    for (const host of graph.shared.hosts()) candidates.#addHost(host);
    return candidates.#sorted();
  }

  /** Candidates of one machine. */
  static of(graph: LinkGraph, slot: number): Candidate[] {
    const candidates = new Candidates(graph);
    const head = graph.machineOf(slot);
    for (const member of graph.members(slot)) {
      for (const entry of graph.claims.entries(member))
        if (isSoft(graph.keys.type(entry)) && !graph.keys.isSingle(entry)) candidates.#addKey(graph.keys.headOf(entry));
      candidates.#addHost(member);
    }
    return candidates.#sorted().filter(({ a, b }) => graph.machineOf(a) === head || graph.machineOf(b) === head);
  }

  #addKey(head: number): void {
    const { keys, claims } = this.#graph;
    const type = keys.type(head);
    if (!isSoft(type) || keys.isConflicting(head)) return;
    const slots = claims.claimants(head);
    if (slots.length < 2 || slots.length > MOST_HOLDERS) return;
    const isShared = type === TYPE.address && this.#isAmbiguous(slots);
    for (const [index, x] of slots.entries())
      for (const y of slots.slice(index + 1)) this.#add(x, y, this.#confidence(head, x, y, isShared));
  }

  #confidence(head: number, x: number, y: number, isAmbiguous: boolean): Unsure {
    const { keys } = this.#graph;
    if (keys.type(head) !== TYPE.address) return 'likely';
    const isPublic = !keys.isWeak(head) && !isAmbiguous;
    return isPublic || haveOneName(this.#graph, x, y) ? 'likely' : 'possible';
  }

  /** Whether it would be one of several that could be meant. */
  #isAmbiguous(slots: readonly number[]): boolean {
    let taken = 0;
    return slots.some((slot) => {
      const isTaken = (taken & this.#graph.rows.bit(slot)) !== 0;
      taken |= this.#graph.rows.bit(slot);
      return isTaken;
    });
  }

  #addHost(host: number): void {
    const { shared } = this.#graph;
    for (const other of shared.partners(host)) this.#add(host, other, 'likely');
  }

  #add(x: number, y: number, confidence: Unsure): void {
    const graph = this.#graph;
    const [one, other] = [graph.machineOf(x), graph.machineOf(y)];
    if (one === other) return;
    const key = one < other ? `${one} ${other}` : `${other} ${one}`;
    const best = this.#best.get(key);
    if (best?.confidence === 'likely' && confidence === 'possible') return;
    const [a, b] = graph.rows.comparePrecedence(x, y) < 0 ? [x, y] : [y, x];
    if (best && best.confidence === confidence && this.#place(best, { a, b }) <= 0) return;
    if (!graph.fit(x, y) || graph.areSplit(x, y) || graph.claims.differ(x, y)) return;
    this.#best.set(key, { a, b, confidence });
  }

  #place(one: Pick<Candidate, 'a' | 'b'>, other: Pick<Candidate, 'a' | 'b'>): number {
    const { rows } = this.#graph;
    return rows.comparePrecedence(one.a, other.a) || rows.comparePrecedence(one.b, other.b);
  }

  #sorted(): Candidate[] {
    const place = ({ confidence }: Candidate) => (confidence === 'likely' ? 0 : 1);
    return [...this.#best.values()].sort((one, other) => place(one) - place(other) || this.#place(one, other));
  }
}

const isSoft = (type: number): boolean => type === TYPE.address || LIKELY_TYPES.has(type);

export function haveOneName({ claims, keys }: LinkGraph, x: number, y: number): boolean {
  const names = claims.entries(y, TYPE.hostname);
  return claims.entries(x, TYPE.hostname).some((a) => names.some((b) => keys.isSame(a, b)));
}
