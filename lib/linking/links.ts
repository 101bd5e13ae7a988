import type { Link } from '#lib/model/index.ts';
import { CERTAIN, type IdentityType, isPrivate, LIKELY } from './evidence.ts';
import { evidenceOf, type LinkGraph } from './link-graph.ts';
import { Offers } from './offers.ts';
import type { Member, Offer } from './port.ts';

type Read = (slot: number) => Member;
type Said = Pick<Link, 'evidence' | 'value' | 'confidence' | 'note'>;

/** What speaks for each pair of a machine, for what it runs on, and for the pairs that are offered. */
export function linksOf(graph: LinkGraph, slot: number, read: Read): Link[] {
  const members = graph.members(slot);
  const links: Link[] = [];
  for (const [index, x] of members.entries())
    for (const y of members.slice(index + 1)) {
      const said = whyOne(graph, x, y, read);
      if (said) links.push(sameAs(x, y, said, read));
    }
  if (graph.hostOf(slot) >= 0)
    for (const member of members) {
      const link = runsOn(graph, member, read);
      if (link) links.push(link);
    }
  for (const offer of Offers.of(graph, slot)) links.push(linkOfOffer(graph, offer, read));
  return links;
}

function sameAs(x: number, y: number, said: Said, read: Read): Link {
  const [a, b] = [read(x).uid, read(y).uid];
  const [from, to] = a < b ? [a, b] : [b, a];
  return { relation: 'same-as', from, to, ...said };
}

/** The strongest evidence that holds two rows of a machine together; null where it is only a third row that does. */
function whyOne(graph: LinkGraph, x: number, y: number, read: Read): Said | null {
  const decision = graph.decided.of(x, y);
  if (decision?.verdict === 'join')
    return { evidence: 'person', value: decision.reason, confidence: 'certain', note: null };
  const [one, other] = [read(x), read(y)];
  for (const type of CERTAIN) {
    const value = common(type, one, other).find((text) => {
      const head = graph.find(type, text);
      return head >= 0 && !graph.keys.isBad(head);
    });
    if (value !== undefined)
      return { evidence: type, value, confidence: 'certain', note: noteOf(type, value, one, other) };
  }
  return graph.shared.isCertain(x, y) ? guestsInCommon(graph, x, y, read, 'certain') : null;
}

/** Values that both have, as the first says them. */
function common(type: IdentityType, { identities }: Member, other: Member): string[] {
  const theirs = new Set<string | null>();
  for (const identity of other.identities) if (identity.type === type) theirs.add(evidenceOf(type, identity.value));
  return identities.flatMap(({ type: own, value }) => {
    const text = own === type ? evidenceOf(type, value) : null;
    return text !== null && theirs.has(text) ? [value] : [];
  });
}

/** A VM whose cloud says its VM id shows the UUID in two byte orders; the other one is what old firmware tells the guest. */
function noteOf(type: IdentityType, value: string, ...rows: readonly Member[]): string | null {
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
      if (hosted.direct(guest) === x && rows.cluster(guest).some((mate) => hosted.direct(mate) === y))
        guests.push(guest);
    });
  return guests.sort((a, b) => rows.compare(a, b));
}

function guestsInCommon(graph: LinkGraph, x: number, y: number, read: Read, confidence: Link['confidence']): Said {
  const guests = guestsOfBoth(graph, x, y);
  const more = guests.length - 1;
  return {
    evidence: 'guests',
    value: guests[0] === undefined ? '' : read(guests[0]).uid,
    confidence,
    note: more > 0 ? `and ${more} more that both run` : null,
  };
}

function runsOn(graph: LinkGraph, slot: number, read: Read): Link | null {
  const host = graph.hosted.direct(slot);
  if (host < 0 || graph.machineOf(host) === graph.machineOf(slot)) return null;
  const { uid, hostedBy } = read(slot);
  const said = hostedBy.find(({ type, value }) => graph.hostResolvedBy(type, value) === host);
  if (!said) return null;
  const { type, value } = said;
  return {
    relation: 'runs-on',
    from: uid,
    to: read(host).uid,
    evidence: type,
    value,
    confidence: 'certain',
    note: null,
  };
}

export function linkOfOffer(graph: LinkGraph, { a, b, confidence }: Offer, read: Read): Link {
  return sameAs(a, b, whyOffered(graph, a, b, confidence, read), read);
}

function whyOffered(graph: LinkGraph, a: number, b: number, confidence: Offer['confidence'], read: Read): Said {
  const [one, other] = [read(a), read(b)];
  if (graph.shared.has(a, b)) return guestsInCommon(graph, a, b, read, confidence);
  for (const type of LIKELY) {
    const [value] = common(type, one, other);
    if (value !== undefined) return { evidence: type, value, confidence, note: null };
  }
  const addresses = common('address', one, other);
  const value = addresses.find((address) => !isPrivate(address)) ?? addresses[0] ?? '';
  const [name] = common('hostname', one, other);
  return { evidence: 'address', value, confidence, note: name === undefined ? null : `and the name ${name}` };
}
