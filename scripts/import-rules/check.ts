import path from 'node:path';
import { circlesOf } from './circles.ts';
import type { Import, Source } from './parse.ts';
import { BROWSER_ROOMS, clientOf, READS_ENVIRONMENT, READS_FOLDER, ROOMS, type Room, SDKS } from './rooms.ts';

export interface Breach {
  file: string;
  line: number;
  rule: string;
}

type Edge = Import & { from: string; file?: string; package?: string };

export const roomOf = (file: string): Room | undefined => ROOMS.find((room) => room.files.test(file));
const providerOf = (file: string) => /^providers\/([^/]+)\//.exec(file)?.[1];
/** What several providers need of one cloud (accounts, credentials) lives in `providers/clouds/<cloud>`. */
const ownsSdk = (file: string, provider: string) =>
  providerOf(file) === provider || file.startsWith(`providers/clouds/${provider}/`);
const isFree = (file: string) => roomOf(file)?.may === 'any';
const sdkOf = (edge: Edge) => SDKS.find(({ packages }) => edge.package !== undefined && packages.test(edge.package));

function edgesOf({ path: from, imports }: Source, sources: readonly Source[]): Edge[] {
  return imports.flatMap((item): Edge | Edge[] => {
    const { specifier } = item;
    if (specifier === null) return from === READS_FOLDER.file ? edgesToFolder(from, item, sources) : { ...item, from };
    if (specifier.startsWith('#')) return { ...item, from, file: specifier.slice(1) };
    if (specifier.startsWith('.')) return { ...item, from, file: path.posix.join(path.posix.dirname(from), specifier) };
    const name = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : specifier.split('/', 1)[0];
    return { ...item, from, package: name ?? specifier };
  });
}

function edgesToFolder(from: string, item: Import, sources: readonly Source[]): Edge[] {
  const found = sources.filter(({ path: file }) => READS_FOLDER.folder.test(file) && !isFree(file));
  return found.map(({ path: file }) => ({ ...item, specifier: `#${file}`, dynamic: false, from, file }));
}

type Follow = (edge: Edge) => boolean;

/** Every edge that can be walked from `start`, with the files on the way to it. */
function reach(edges: Map<string, Edge[]>, start: string, follow: Follow): { edge: Edge; way: string[] }[] {
  const found: { edge: Edge; way: string[] }[] = [];
  const seen = new Set([start]);
  const next = [[start]];
  for (let way = next.pop(); way; way = next.pop()) {
    for (const edge of edges.get(way.at(-1) ?? '') ?? []) {
      if (!follow(edge)) continue;
      found.push({ edge, way });
      if (edge.file === undefined || seen.has(edge.file)) continue;
      seen.add(edge.file);
      next.push([...way, edge.file]);
    }
  }
  return found;
}

const loads: Follow = (edge) => !edge.typeOnly;
const loadsAtOnce: Follow = (edge) => !edge.typeOnly && !edge.dynamic;

/** What one import does against the table of rooms, or undefined. */
function breachOfRoom(edge: Edge, room: Room, inBrowser: boolean): string | undefined {
  if (room.may === 'any') return;
  if (edge.specifier === null) return 'an import whose target is computed cannot be checked';
  if (edge.package !== undefined) {
    if (room.packages && !room.packages.test(edge.package)) return `${room.name} may not import ${edge.package}`;
    return;
  }
  const target = edge.file ?? '';
  if (!path.posix.extname(target)) return `${edge.specifier} names no file extension; Node needs it`;
  const other = roomOf(target);
  if (!other) return `${target} belongs to no room`;
  const [own, theirs] = [providerOf(edge.from), providerOf(target)];
  const isProvider = (name: string) => name === 'provider' || name === 'manifest';
  if (isProvider(room.name) && isProvider(other.name)) {
    return own === theirs ? undefined : `provider ${own} may not import provider ${theirs}`;
  }
  if (other.name === room.name) return;
  if (edge.typeOnly && room.mayTypes?.includes(other.name)) return;
  if (inBrowser && !edge.typeOnly && !BROWSER_ROOMS.includes(other.name)) {
    return `client component may not load ${other.name} (${target})`;
  }
  if (!room.may.includes(other.name)) return `${room.name} may not import ${other.name} (${target})`;
  return;
}

function breachOfSdk(edge: Edge): string | undefined {
  const sdk = sdkOf(edge);
  if (!sdk || isFree(edge.from)) return;
  if (!ownsSdk(edge.from, sdk.provider)) return `${edge.package} belongs to provider ${sdk.provider} alone`;
  if (loadsAtOnce(edge) && !clientOf(sdk.provider).test(edge.from)) {
    return `${edge.package} is loaded outside of the client of provider ${sdk.provider}`;
  }
  return;
}

/** Files that end in the browser: `use client` and what those load. */
function browserFiles(sources: readonly Source[], edges: Map<string, Edge[]>): Set<string> {
  const files = new Set<string>();
  for (const { path: file, directives } of sources) {
    if (!directives.includes('use client') || isFree(file)) continue;
    files.add(file);
    for (const { edge } of reach(edges, file, loads)) if (edge.file) files.add(edge.file);
  }
  return files;
}

/** Holds the table of rooms against every source file of the project. */
export function checkImports(sources: readonly Source[]): Breach[] {
  const breaches: Breach[] = [];
  const report = (file: string, line: number, rule: string | undefined) => rule && breaches.push({ file, line, rule });
  const edges = new Map(sources.map((source) => [source.path, edgesOf(source, sources)]));
  const inBrowser = browserFiles(sources, edges);

  const files = new Map([...edges].map(([file, all]) => [file, all.flatMap((edge) => edge.file ?? [])]));
  for (const circle of circlesOf(files)) report(circle[0] ?? '', 1, `imports in a circle: ${circle.join(', ')}`);
  for (const source of sources) {
    const { path: file } = source;
    const room = roomOf(file);
    if (!room) report(file, 1, 'belongs to no room of scripts/import-rules/rooms.ts');
    if (!READS_ENVIRONMENT.test(file)) for (const line of source.environment) report(file, line, 'reads process.env');
    for (const line of source.mocks) report(file, line, 'replaces a module; fake at the wire instead');
    if (!room) continue;
    for (const edge of edges.get(file) ?? []) {
      report(file, edge.line, breachOfRoom(edge, room, inBrowser.has(file)));
      report(file, edge.line, breachOfSdk(edge));
    }
    // Beyond the direct imports: nothing that Next bundles may lead to an SDK, not even lazily; the web server, which plain Node runs,
    // and the registry know the manifests, whose `load` stays the only door.
    const follow = room.name === 'app' ? loads : /^(web server|registry)$/.test(room.name) ? loadsAtOnce : undefined;
    if (!follow) continue;
    for (const { edge, way } of reach(edges, file, follow)) {
      if (sdkOf(edge)) report(file, 1, `leads to ${edge.package} through ${way.join(' -> ')}`);
    }
  }
  return breaches;
}
