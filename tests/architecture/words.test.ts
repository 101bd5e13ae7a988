import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';
import { sourceFiles } from '#scripts/sources.ts';

interface Word {
  /** In snake case; with or without an `s` behind it. */
  word: string;
  term: string;
  /** True where it is refused as a whole identifier only: `alive`, but not `keepAlive`. */
  alone?: boolean;
  /** The files in which it is refused; absent for all. */
  where?: RegExp;
  /** The files in which a foreign interface has this name: a URL, a header, a column. */
  foreign?: RegExp;
}

const REPORTS =
  /^(lib\/(collector|config|log|model|runtime|store|sync)|providers\/(?!virtualbox|vmware-workstation|[a-z]+\/mock)|scripts)\//;

/** Words that the field has another term for. What a term means in Muster is in `docs/glossary.md`. */
const COINED: readonly Word[] = [
  { word: 'alive', term: 'heartbeat', alone: true },
  { word: 'awaken', term: 'wait until ready' },
  { word: 'contested', term: 'ambiguous' },
  { word: 'deck', term: 'layer' },
  { word: 'displaced', term: 'preempted' },
  { word: 'estate', term: 'workloads' },
  { word: 'frail', term: 'unhealthy' },
  { word: 'ghost', term: 'stale node' },
  { word: 'glow', term: 'highlight' },
  { word: 'held_credential', term: 'cached credential' },
  { word: 'intake', term: 'batcher' },
  { word: 'introduction', term: 'engine info' },
  { word: 'lane', term: 'priority' },
  { word: 'last_good', term: 'stale-if-error' },
  {
    word: 'origin',
    term: 'object id',
    alone: true,
    where: /^(lib|providers)\//,
    foreign:
      /^lib\/(model\/packed(\.test)?|store\/sqlite\/(schema|file\/upgrade\.test|write\/commit))\.ts$|^providers\/(kit\/wire\/endpoint|openstack\/address|(docker|incus|kubernetes)\/config(\.test)?|vmware-workstation\/client\/client-vmrest)\.ts$/,
  },
  { word: 'pets', term: 'static VM' },
  { word: 'put', term: 'upsert', where: /^lib\/(store|sync)\// },
  { word: 'regroup', term: 'recluster' },
  { word: 'ripe', term: 'preemptible' },
  { word: 'rota', term: 'schedule' },
  { word: 'said', term: 'reported, message, output', where: REPORTS },
  { word: 'say', term: 'print, report', where: REPORTS },
  { word: 'sighting', term: 'result' },
  { word: 'slip', term: 'occurrence' },
  { word: 'speaker', term: 'active member' },
  { word: 'tell', term: 'emit, notify', where: REPORTS },
  { word: 'tenure', term: 'lifetime' },
  { word: 'text_of', term: 'asString', where: /^providers\// },
  { word: 'told', term: 'reported', where: REPORTS },
  { word: 'tower', term: 'stack view' },
  { word: 'twist', term: 'anomaly' },
  { word: 'unite', term: 'union' },
  { word: 'waker', term: 'timer' },
  { word: 'wish', term: 'command' },
];

const snakeCase = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();

const RULES = COINED.map(({ word, alone = false, ...rest }) => ({
  ...rest,
  pattern: new RegExp(alone ? `^${word}s?$` : `(?:^|_)${word}s?(?:_|$)`),
}));

/** Each identifier of the code that has a coined word, with the term for it. */
function coinedIn(file: string, code: string): string[] {
  const rules = RULES.filter(({ where, foreign }) => (where?.test(file) ?? true) && !foreign?.test(file));
  const names = new Set<string>();
  const add = ({ name }: { name: string }) => void names.add(name);
  new Visitor({ Identifier: add, PrivateIdentifier: add, JSXIdentifier: add }).visit(parseSync(file, code).program);
  return [...names].flatMap((name) => {
    const rule = rules.find(({ pattern }) => pattern.test(snakeCase(name)));
    return rule ? [`${file}: ${name}; the term is ${rule.term}`] : [];
  });
}

test('identifiers use the terms of the field', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const files = sourceFiles(root);
  expect(files.length).toBeGreaterThan(1_000);
  expect(files.flatMap((file) => coinedIn(file, readFileSync(path.join(root, file), 'utf8')))).toEqual([]);
});

test('finds a coined word in any part of an identifier, of any kind', () => {
  const code = 'class Waker { #frailOnes = 1; lastGoodToken(activeSpeakers: string) { return <Tower glow={1} />; } }';
  expect(coinedIn('app/a.tsx', code).map((line) => line.split(/[:;] /)[1])).toEqual(
    expect.arrayContaining(['Waker', 'frailOnes', 'lastGoodToken', 'activeSpeakers', 'Tower', 'glow']),
  );
});

test('leaves comments, texts, other words and foreign interfaces alone', () => {
  expect(coinedIn('lib/sync/a.ts', "// said\nconst output = 'told'; const planet = ghostwriter.keepAlive;")).toEqual(
    [],
  );
  expect(coinedIn('providers/kit/wire/endpoint.ts', 'const own = url.origin;')).toEqual([]);
  expect(coinedIn('providers/aws/map.ts', 'const own = row.origin;')).toHaveLength(1);
});
