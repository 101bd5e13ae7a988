import { type Hash, hashOf } from '#lib/columns/hash.ts';
import type { Identity } from '#lib/model/index.ts';
import { TYPE } from './evidence.ts';
import { evidenceOf, type LinkGraph } from './link-graph.ts';
import type { Texts } from './port.ts';

/** Finds a text again in what its row says: of the texts themselves nothing but their hashes is kept. */
export type FindText = (texts: Texts) => string | undefined;

/** The text of an identity. */
export function identityText({ keys }: LinkGraph, entry: number): FindText {
  const find = finder(keys.type(entry), keys.hash(entry), ({ type, value }) => evidenceOf(type, value));
  return ({ identities }) => find(identities);
}

/** The text of what a row says that it runs on. */
export function hostText({ hosted }: LinkGraph, key: number): FindText {
  const find = finder(hosted.type(key), hosted.hash(key), ({ value }) => value);
  return ({ hostedBy }) => find(hostedBy);
}

function finder(wanted: number, { a, b, c }: Hash, compared: (identity: Identity) => string | null) {
  const hash: Hash = { a: 0, b: 0, c: 0 };
  const isIt = (identity: Identity): boolean => {
    const text = TYPE[identity.type] === wanted ? compared(identity) : null;
    if (text === null) return false;
    hashOf(wanted, text, hash);
    return hash.a === a && hash.b === b && hash.c === c;
  };
  return (identities: readonly Identity[]): string | undefined => identities.find(isIt)?.value;
}
