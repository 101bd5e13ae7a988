/**
 * The data's way, as a table: which room of the house may import from which. Arrows point one way.
 * A file belongs to the first room whose pattern fits; every source file must belong to one.
 */
export interface Room {
  name: RoomName;
  files: RegExp;
  /** Rooms it may import from beside itself; `any` for tests and tools. */
  may: readonly RoomName[] | 'any';
  /** Rooms of which it may import types alone: what they run stays out of its bundle. */
  mayTypes?: readonly RoomName[];
  /** Packages it may import, where that is limited. Built-in modules count under their `node:` name. */
  packages?: RegExp;
}

export type RoomName =
  | 'tests'
  | 'scripts'
  | 'model'
  | 'runtime'
  | 'contract'
  | 'demo'
  | 'kit'
  | 'clouds'
  | 'registry'
  | 'manifest'
  | 'provider'
  | 'sync'
  | 'store reader'
  | 'store'
  | 'columns'
  | 'linking'
  | 'index'
  | 'questions'
  | 'web'
  | 'language'
  | 'answers'
  | 'environment'
  | 'config'
  | 'log'
  | 'control client'
  | 'collector'
  | 'web process'
  | 'web server'
  | 'app'
  | 'settings of tools';

export const ROOMS: readonly Room[] = [
  { name: 'tests', files: /^tests\/|\.test\.tsx?$/, may: 'any' },
  { name: 'scripts', files: /^scripts\//, may: 'any' },
  // The browser loads it as well: no Node, no package but zod.
  { name: 'model', files: /^lib\/model\//, may: [], packages: /^zod$/ },
  // What every part of a long-running process needs, once: time, logging, limits, secrets. It knows nothing of what runs on it.
  { name: 'runtime', files: /^lib\/runtime\//, may: [], packages: /^node:/ },
  { name: 'contract', files: /^providers\/contract\.ts$/, may: ['model', 'runtime', 'kit'] },
  // The seeded fleet that mocks answer from, and what is true of it.
  { name: 'demo', files: /^lib\/demo\//, may: ['model'] },
  { name: 'kit', files: /^providers\/kit\//, may: ['model', 'runtime', 'contract', 'demo'] },
  // A cloud's one home: signing in, finding accounts, listing its clusters.
  { name: 'clouds', files: /^providers\/clouds\//, may: ['model', 'runtime', 'contract', 'kit', 'demo'] },
  { name: 'registry', files: /^providers\/registry\.ts$/, may: ['model', 'contract', 'manifest'] },
  // A room per provider: `providers/<id>` never imports from another one.
  { name: 'manifest', files: /^providers\/[^/]+\/index\.ts$/, may: ['model', 'contract', 'kit', 'clouds', 'provider'] },
  {
    name: 'provider',
    files: /^providers\/[^/]+\//,
    may: ['model', 'runtime', 'contract', 'kit', 'clouds', 'demo', 'manifest'],
  },
  { name: 'sync', files: /^lib\/sync\//, may: ['model', 'runtime', 'contract', 'registry', 'store', 'store reader'] },
  // The store's read contract and the way to open it: all that the web side sees of the store.
  { name: 'store reader', files: /^lib\/store\/(port|reader|[^/]+\/read\/read-store)\.ts$/, may: ['model', 'store'] },
  // Of which values changes are recorded, and in which words, the table of fields says.
  { name: 'store', files: /^lib\/store\//, may: ['model', 'runtime', 'store reader', 'language'] },
  // Typed arrays that grow, and the one hash table over them; knows nothing of resources.
  { name: 'columns', files: /^lib\/columns\//, may: [] },
  // Links and machines over rows; pure.
  { name: 'linking', files: /^lib\/linking\//, may: ['model', 'columns'] },
  {
    name: 'index',
    files: /^lib\/index\//,
    may: ['model', 'runtime', 'store reader', 'columns', 'linking', 'answers', 'language'],
  },
  // One file a question; what they share in `kit`.
  {
    name: 'questions',
    files: /^lib\/questions\//,
    may: ['model', 'runtime', 'store reader', 'linking', 'index', 'answers', 'language'],
  },
  // The worker thread that answers, and its client in the web process.
  {
    name: 'web',
    files: /^lib\/web\//,
    may: ['model', 'runtime', 'store reader', 'index', 'answers', 'language', 'questions'],
  },
  // The query language: one table of fields and the grammar over it. The browser loads it as well.
  { name: 'language', files: /^lib\/language\//, may: ['model', 'answers'] },
  // Shapes that answers of the API have.
  { name: 'answers', files: /^lib\/api\//, may: ['model'] },
  { name: 'environment', files: /^lib\/config\/environment\.ts$/, may: [] },
  { name: 'config', files: /^lib\/config\//, may: ['model', 'runtime', 'contract', 'registry', 'environment'] },
  { name: 'log', files: /^lib\/log(\/|\.ts$)/, may: ['runtime'] },
  // The web's end of the one wire to the collector: "list this scope again", "these two are one machine".
  { name: 'control client', files: /^lib\/collector\/control-client\.ts$/, may: ['model', 'runtime'] },
  {
    name: 'collector',
    files: /^lib\/collector\//,
    may: [
      'model',
      'runtime',
      'contract',
      'registry',
      'sync',
      'store',
      'store reader',
      'config',
      'environment',
      'log',
      'control client',
    ],
  },
  // What the web server hands to the routes: the handle on the one query service, and the words of its refusals.
  {
    name: 'web process',
    files: /^app\/server\/(service|problem)\.ts$/,
    may: ['model', 'answers'],
    mayTypes: ['questions', 'web'],
  },
  {
    name: 'web server',
    files: /^app\/server\//,
    may: [
      'registry',
      'web process',
      'model',
      'runtime',
      'questions',
      'web',
      'answers',
      'language',
      'environment',
      'log',
      'control client',
    ],
  },
  {
    name: 'app',
    files: /^(app\/|(proxy|instrumentation)\.ts$)/,
    may: ['model', 'answers', 'language', 'web process'],
    // Next bundles no question: the web server has read them all, the worker runs them.
    mayTypes: ['questions', 'web'],
  },
  { name: 'settings of tools', files: /^[^/]+\.(js|ts)$/, may: ['scripts'] },
];

/** What a client component may load beside its own room; types may come from wherever the room itself may import. */
export const BROWSER_ROOMS: readonly RoomName[] = ['model', 'language'];

/** The one file that imports what it finds: every file of a folder. */
export const READS_FOLDER = { file: 'lib/questions/kit/table.ts', folder: /^lib\/questions\/[^/]+\.ts$/ };

/** Provider SDKs. Each belongs to one provider, whose client alone imports it, so that it loads with its first use. */
export const SDKS: readonly { provider: string; packages: RegExp }[] = [
  { provider: 'aws', packages: /^@(aws-sdk|smithy)\// },
  { provider: 'gcp', packages: /^(@google-cloud\/.*|google-auth-library|google-gax)$/ },
  { provider: 'azure', packages: /^@azure(-rest)?\// },
  { provider: 'kubernetes', packages: /^@kubernetes\// },
  { provider: 'docker', packages: /^(dockerode|docker-modem)$/ },
  // Docker and VirtualBox are reached by it.
  { provider: 'kit', packages: /^ssh2$/ },
];

/** The client's side of a provider, which its adapter alone loads; a large client is a few files: `client-vm.ts`. */
export const clientOf = (provider: string): RegExp =>
  new RegExp(`^providers/(clouds/)?${provider}/(client/)?(client(-[a-z0-9-]+)?|credentials)\\.ts$`);

/** Who may read environment variables; everyone else is handed settings. A credential command gets those of its parent, programs such as virsh a few. */
export const READS_ENVIRONMENT =
  /^(lib\/config|scripts|app\/server|tests)\/|^lib\/collector\/(main|check-config)\.ts$|^providers\/kubernetes\/client\/client-exec\.ts$|^providers\/kit\/client\/client-process\.ts$|\.test\.tsx?$/;
