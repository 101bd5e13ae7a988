import { IDENTITY_TYPES, type Link } from '#lib/model/index.ts';
import { Candidates } from './candidates.ts';
import { CERTAIN, type IdentityType, LIKELY, TYPE } from './evidence.ts';
import type { LinkGraph } from './link-graph.ts';
import type { Candidate, LinkPlan, Texts, UidOf } from './port.ts';
import { hostText, identityText } from './texts.ts';

/** Why two rows are linked, without the texts. */
interface Reason extends Pick<Link, 'evidence' | 'confidence'> {
  /** The rows that have the texts. */
  slots: readonly number[];
  /** @param texts those of {@link slots}. @returns null where a row does not have the text any more */
  describe(texts: readonly Texts[]): Pick<Link, 'value' | 'note'> | null;
}

const NO_TEXTS: Texts = { identities: [], hostedBy: [] };

/** What speaks for each pair of a machine, for what it runs on, and for match candidates. */
export function linksOf(graph: LinkGraph, slot: number, uidOf: UidOf): LinkPlan[] {
  const members = graph.members(slot);
  const links: LinkPlan[] = [];
  for (const [index, x] of members.entries())
    for (const y of members.slice(index + 1)) {
      const reason = whyOne(graph, x, y, uidOf);
      if (reason) links.push(sameAs(x, y, reason, uidOf));
    }
  if (graph.hostOf(slot) >= 0)
    for (const member of members) {
      const link = runsOn(graph, member, uidOf);
      if (link) links.push(link);
    }
  for (const candidate of Candidates.of(graph, slot)) links.push(linkOfCandidate(graph, candidate, uidOf));
  return links;
}

function sameAs(x: number, y: number, reason: Reason, uidOf: UidOf): LinkPlan {
  const [a, b] = [uidOf(x), uidOf(y)];
  return a < b ? planOf('same-as', [a, b], reason, uidOf) : planOf('same-as', [b, a], reason, uidOf);
}

function planOf(
  relation: Link['relation'],
  [from, to]: readonly [string, string],
  { evidence, confidence, slots, describe }: Reason,
  uidOf: UidOf,
): LinkPlan {
  const reads = slots.map(uidOf);
  return {
    relation,
    names: [from, to],
    reads,
    fill(textsOf) {
      const described = describe(reads.map((uid) => textsOf(uid) ?? NO_TEXTS));
      return described && { relation, from, to, evidence, confidence, ...described };
    },
  };
}

/** The strongest evidence that holds two rows of a machine together; null where it is only a third row that does. */
function whyOne(graph: LinkGraph, x: number, y: number, uidOf: UidOf): Reason | null {
  const decision = graph.decided.of(x, y);
  if (decision?.verdict === 'join') return withoutTexts('person', 'certain', { value: decision.reason, note: null });
  for (const type of CERTAIN) {
    const entry = common(graph, type, x, y).find((one) => !graph.keys.isConflicting(graph.keys.headOf(one)));
    if (entry !== undefined) return byIdentity(graph, entry, type, x, y);
  }
  return graph.shared.isCertain(x, y) ? byGuests(graph, x, y, uidOf, 'certain') : null;
}

/** Identities that both have, as entries of the first and in its order. */
function common({ claims, keys }: LinkGraph, type: IdentityType, x: number, y: number): number[] {
  const theirs = claims.entries(y, TYPE[type]);
  return claims.entries(x, TYPE[type]).filter((one) => theirs.some((other) => keys.isSame(one, other)));
}

function byIdentity(graph: LinkGraph, entry: number, type: IdentityType, x: number, y: number): Reason {
  const textOf = identityText(graph, entry);
  return {
    evidence: type,
    confidence: 'certain',
    slots: [x, y],
    describe([one = NO_TEXTS, other = NO_TEXTS]) {
      const value = textOf(one);
      return value === undefined ? null : { value, note: noteOf(type, value, [one, other]) };
    },
  };
}

/** A VM whose cloud says its VM id shows the UUID in two byte orders; the other one is what old firmware tells the guest. */
function noteOf(type: IdentityType, value: string, rows: readonly Texts[]): string | null {
  const ids = rows.flatMap(({ identities }) => identities.flatMap((id) => (id.type === 'vm-id' ? [id.value] : [])));
  return type === 'system-uuid' && ids.length > 0 && !ids.includes(value)
    ? 'in the byte order of Azure generation 1'
    : null;
}

/** Rows on one host that are one machine with a row on the other, in a fixed order. */
export function guestsOfBoth(graph: LinkGraph, x: number, y: number): number[] {
  const { hosted, rows } = graph;
  const guests: number[] = [];
  for (const key of graph.keysResolvingTo(x))
    hosted.eachGuest(key, (guest) => {
      if (hosted.resolvedHost(guest) === x && rows.cluster(guest).some((member) => hosted.resolvedHost(member) === y))
        guests.push(guest);
    });
  return guests.sort((a, b) => rows.compare(a, b));
}

function byGuests(graph: LinkGraph, x: number, y: number, uidOf: UidOf, confidence: Link['confidence']): Reason {
  const guests = guestsOfBoth(graph, x, y);
  const more = guests.length - 1;
  const value = guests[0] === undefined ? '' : uidOf(guests[0]);
  return withoutTexts('guests', confidence, { value, note: more > 0 ? `and ${more} more that both run` : null });
}

const withoutTexts = (
  evidence: Link['evidence'],
  confidence: Link['confidence'],
  described: Pick<Link, 'value' | 'note'>,
): Reason => ({ evidence, confidence, slots: [], describe: () => described });

function runsOn(graph: LinkGraph, slot: number, uidOf: UidOf): LinkPlan | null {
  const { hosted } = graph;
  const host = hosted.resolvedHost(slot);
  if (host < 0 || graph.machineOf(host) === graph.machineOf(slot)) return null;
  const key = hosted.keysOf(slot).find((one) => hosted.resolved[one] === host + 1);
  const evidence = key === undefined ? undefined : IDENTITY_TYPES[hosted.type(key)];
  if (key === undefined || evidence === undefined) return null;
  const textOf = hostText(graph, key);
  const reason: Reason = {
    evidence,
    confidence: 'certain',
    slots: [slot],
    describe([texts = NO_TEXTS]) {
      const value = textOf(texts);
      return value === undefined ? null : { value, note: null };
    },
  };
  return planOf('runs-on', [uidOf(slot), uidOf(host)], reason, uidOf);
}

export function linkOfCandidate(graph: LinkGraph, { a, b, confidence }: Candidate, uidOf: UidOf): LinkPlan {
  return sameAs(a, b, candidateEvidence(graph, a, b, confidence, uidOf), uidOf);
}

function candidateEvidence(
  graph: LinkGraph,
  a: number,
  b: number,
  confidence: Candidate['confidence'],
  uidOf: UidOf,
): Reason {
  if (graph.shared.has(a, b)) return byGuests(graph, a, b, uidOf, confidence);
  for (const type of LIKELY) {
    const [entry] = common(graph, type, a, b);
    if (entry !== undefined) return { ...byIdentity(graph, entry, type, a, b), confidence };
  }
  const addresses = common(graph, 'address', a, b);
  const address = addresses.find((entry) => !graph.keys.isWeak(entry)) ?? addresses[0];
  const [hostname] = common(graph, 'hostname', a, b);
  const addressOf = address === undefined ? undefined : identityText(graph, address);
  const nameOf = hostname === undefined ? undefined : identityText(graph, hostname);
  return {
    evidence: 'address',
    confidence,
    slots: [a],
    describe([texts = NO_TEXTS]) {
      const [value, name] = [addressOf?.(texts), nameOf?.(texts)];
      return value === undefined ? null : { value, note: name === undefined ? null : `and the name ${name}` };
    },
  };
}
