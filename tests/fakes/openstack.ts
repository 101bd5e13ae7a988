import { pageOf } from '#providers/openstack/wire.ts';
import { fleetWorld, type Row, type World } from './openstack-world.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

export const OPENSTACK_USER = 'inventory';
export const OPENSTACK_PASSWORD = 'password-of-the-test';
export const OPENSTACK_CREDENTIAL = { id: '0123456789abcdef0123456789abcdef', secret: 'secret-of-the-test' };

export interface OpenStackFake extends FakeCloud {
  /** What it holds; null: the fleet's cloud. */
  world: World | null;
  /** Newest microversion, as `2.<this>`. */
  newest: number;
  /** What the version document promises, where that is more than what is taken. */
  promised: number | null;
  /** Whether `all_tenants`, the hypervisors and the names of hosts are shown. */
  allTenants: boolean;
  hypervisors: boolean;
  hosts: boolean;
  /** Where the catalogue says that Nova is; null: here. */
  computeUrl: string | null;
  /** Further regions of the catalogue and where their Nova is; null: here. */
  regions: Readonly<Record<string, string | null>>;
  /** The project that every token is said to be of. */
  pretend: { id: string; name: string } | null;
  /** Project of the user that Keystone scopes a token to which asks for none. */
  defaultProject: string | null;
  /** The application credential's time is over. */
  expired: boolean;
  password: string;
  secret: string;
  /** Valid tokens and their project; emptied, all of them are revoked. */
  readonly tokens: Map<string, string | null>;
}

const ACTIONS: Readonly<Record<string, string>> = {
  'POST /v3/auth/tokens': 'POST /v3/auth/tokens',
  'GET /v3/auth/projects': 'GET /v3/auth/projects',
  'GET /v2.1/': 'GET /v2.1/',
  'GET /v2.1/flavors/detail': 'GET /v2.1/flavors/detail',
  'GET /v2.1/os-hypervisors/detail': 'os_compute_api:os-hypervisors:list-detail',
};

/** Keystone and Nova behind one address, as an upgraded cloud answers its administrator. */
export function openstackCloud(options: Partial<OpenStackFake> = {}): OpenStackFake {
  return {
    world: null,
    newest: 96,
    promised: null,
    allTenants: true,
    hypervisors: true,
    hosts: true,
    computeUrl: null,
    regions: {},
    pretend: null,
    defaultProject: null,
    expired: false,
    password: OPENSTACK_PASSWORD,
    secret: OPENSTACK_CREDENTIAL.secret,
    tokens: new Map(),
    action({ method, path, query }) {
      if (method === 'GET' && path === '/v2.1/servers/detail')
        return `os_compute_api:servers:detail${query.has('all_tenants') ? ':get_all_tenants' : ''}`;
      return ACTIONS[`${method} ${path}`] ?? `${method} ${path}`;
    },
    answer(request, tools): Reply {
      const world = this.world ?? fleetWorld(tools.fleet, tools.now());
      switch (`${request.method} ${request.path}`) {
        case 'POST /v3/auth/tokens':
          return signIn(this, request, world, tools.now());
        case 'GET /v3/auth/projects':
          return this.tokens.has(tokenOf(request)) ? projects(world) : keystoneError(401);
        case 'GET /v2.1/':
          return json({
            version: {
              id: 'v2.1',
              status: 'CURRENT',
              version: `2.${this.promised ?? this.newest}`,
              min_version: '2.1',
            },
          });
        default:
          return nova(this, request, world, tools);
      }
    },
    ...options,
  };
}

const tokenOf = ({ headers }: FakeRequest): string => String(headers['x-auth-token'] ?? '');

const projects = (world: World): Reply =>
  json({ projects: world.projects.map((project) => ({ enabled: true, ...project })), links: { next: null } });

interface SignIn {
  auth: {
    identity: {
      methods: string[];
      application_credential?: { id: string; secret: string };
      password?: { user: { name: string; password: string } };
    };
    scope?: { project: { id?: string; name?: string } };
  };
}

function signIn(cloud: OpenStackFake, request: FakeRequest, world: World, now: number): Reply {
  const { auth }: SignIn = JSON.parse(request.body);
  const { application_credential: app, password } = auth.identity;
  let project: World['projects'][number] | undefined;
  if (app) {
    // Keystone does not say which it was: id, secret or time.
    if (cloud.expired || app.id !== OPENSTACK_CREDENTIAL.id || app.secret !== cloud.secret) return keystoneError(401);
    if (auth.scope) return keystoneError(401);
    [project] = world.projects;
  } else {
    if (password?.user.name !== OPENSTACK_USER || password.user.password !== cloud.password) return keystoneError(401);
    const wanted: { id?: string; name?: string } = auth.scope?.project ?? { id: cloud.defaultProject ?? '' };
    project = world.projects.find(({ id, name }) => id === wanted.id || name === wanted.name);
    if (auth.scope && (!project || project.enabled === false)) return keystoneError(401);
  }
  const scoped = project && cloud.pretend ? cloud.pretend : project;
  const value = `token-${cloud.tokens.size + 1}-of-the-test`;
  cloud.tokens.set(value, project?.id ?? null);
  const url = cloud.computeUrl ?? `http://${request.headers.host}/v2.1`;
  const region = { region: world.region, region_id: world.region };
  const token = {
    methods: auth.identity.methods,
    issued_at: new Date(now).toISOString(),
    expires_at: new Date(now + 3_600_000).toISOString(),
    ...(scoped
      ? {
          project: { ...scoped, domain: { id: 'default', name: 'Default' } },
          catalog: [
            { type: 'identity', endpoints: [{ interface: 'public', ...region, url: 'https://elsewhere.example/v3' }] },
            {
              type: 'compute',
              endpoints: [
                { interface: 'admin', ...region, url: 'https://admin.example/v2.1' },
                { interface: 'public', ...region, url },
                ...Object.entries(cloud.regions).map(([name, at]) => ({
                  interface: 'public',
                  region: name,
                  region_id: name,
                  url: at ?? url,
                })),
                { interface: 'internal', ...region, url: 'https://nova.internal.example/v2.1' },
              ],
            },
          ],
        }
      : {}),
  };
  return json({ token }, 201, { 'x-subject-token': value });
}

function nova(cloud: OpenStackFake, request: FakeRequest, world: World, tools: FakeTools): Reply {
  const project = cloud.tokens.get(tokenOf(request));
  if (project === undefined || project === null)
    return novaError(401, 'unauthorized', 'The request you have made requires authentication.');
  const version = versionOf(request);
  if (version > cloud.newest)
    return novaError(
      406,
      'computeFault',
      `Version 2.${version} is not supported by the API. Minimum is 2.1 and maximum is 2.${cloud.newest}.`,
    );
  const list = (part: string, rows: readonly Row[]): Reply => {
    const limit = Number(request.query.get('limit') ?? 1000);
    const marker = request.query.get('marker') ?? undefined;
    const { rows: some, next } =
      limit < 1000 ? { rows: rows.slice(0, limit), next: undefined } : tools.page(rows, marker);
    if (next === undefined) return json(pageOf(part, some, undefined));
    const query = new URLSearchParams(request.query);
    query.set('marker', next);
    return json(pageOf(part, some, `http://${request.headers.host}${request.path}?${query}`));
  };
  switch (request.path) {
    case '/v2.1/servers/detail': {
      const all = request.query.has('all_tenants');
      if (all && !cloud.allTenants) return denied('os_compute_api:servers:detail:get_all_tenants');
      const own = world.servers.filter((row) => all || row.tenant_id === project);
      return list('servers', tools.rewrite(own.flatMap((row) => serverAt(row, version, cloud, world))));
    }
    case '/v2.1/os-hypervisors/detail':
      if (!cloud.hypervisors) return denied('os_compute_api:os-hypervisors:list-detail');
      return list(
        'hypervisors',
        world.hypervisors.map((row) => hypervisorAt(row, version)),
      );
    case '/v2.1/flavors/detail':
      return list('flavors', world.flavors);
    default:
      return novaError(404, 'itemNotFound', 'The resource could not be found.');
  }
}

/** What is asked for: without a header 2.1, and before 2.27 by the header of its own only. */
function versionOf({ headers }: FakeRequest): number {
  const standard = /^compute 2\.(\d+)$/.exec(String(headers['openstack-api-version'] ?? ''))?.[1];
  const own = /^2\.(\d+)$/.exec(String(headers['x-openstack-nova-api-version'] ?? ''))?.[1];
  return Number((Number(standard) >= 27 ? standard : own) ?? 1);
}

const FLAVOR = 'flavor';

/** A server as an older Nova, or one that hides its hosts, shows it. Cells that are down are left out before 2.69. */
function serverAt(row: Row, version: number, cloud: OpenStackFake, world: World): Row[] {
  if (version < 69 && !('name' in row)) return [];
  const shown = Object.entries(row).filter(
    ([key]) => cloud.hosts || !(key.startsWith('OS-EXT-SRV-ATTR') || key === 'host_status'),
  );
  const server: Record<string, unknown> = Object.fromEntries(shown);
  const embedded = row[FLAVOR];
  if (version < 47 && typeof embedded === 'object' && embedded !== null && 'original_name' in embedded)
    server[FLAVOR] = { id: world.flavors.find(({ name }) => name === embedded.original_name)?.id, links: [] };
  return [server];
}

/** From 2.88 on without its sizes. */
function hypervisorAt(row: Row, version: number): Row {
  if (version < 88) return row;
  return Object.fromEntries(Object.entries(row).filter(([key]) => !['vcpus', 'memory_mb', 'cpu_info'].includes(key)));
}

export const novaError = (status: number, name: string, message: string, headers: Record<string, string> = {}): Reply =>
  json({ [name]: { code: status, message } }, status, headers);

export const denied = (rule: string): Reply =>
  novaError(403, 'forbidden', `Policy doesn't allow ${rule} to be performed.`);

export const keystoneError = (status: number): Reply =>
  json(
    { error: { code: status, title: 'Unauthorized', message: 'The request you have made requires authentication.' } },
    status,
  );
