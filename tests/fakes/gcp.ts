import type { Account, Machine } from '#lib/demo/index.ts';
import { aggregatedPage, instanceOf, machineTypesIn } from '#providers/gcp/wire.ts';
import { type FakeCloud, type FakeRequest, type FakeTools, json, type Reply } from './server.ts';

/** The token that the fake takes. */
export const GCP_TOKEN = 'static-token-of-the-test';

const CLUSTERS = /^\/v1\/projects\/([^/]+)\/locations\/-\/clusters$/;
const PATH = /^\/compute\/v1\/projects\/([^/]+)\/aggregated\/(instances|machineTypes)$/;

/**
 * Compute Engine's two aggregated lists, GKE's clusters and the search for projects. `pretend`: the project that answers say they
 * are of. `off`: projects whose APIs are not enabled.
 * @param masks false for an endpoint that knows no `fields` and sends whole instances, metadata included
 */
export function gcpCloud(masks = true): FakeCloud & { pretend: string | null; off: readonly string[] } {
  return {
    pretend: null,
    off: [],
    action: ({ method, path }) => {
      const part = PATH.exec(path)?.[2];
      if (method === 'GET' && path === '/v3/projects:search') return 'resourcemanager.projects.get';
      if (method === 'GET' && CLUSTERS.test(path)) return 'container.clusters.list';
      return method === 'GET' && part ? `compute.${part}.list` : `${method} ${path}`;
    },
    answer(request, tools): Reply {
      if (request.headers.authorization !== `Bearer ${GCP_TOKEN}`)
        return googleError(401, 'authError', 'Invalid Credentials');
      if (request.action === 'resourcemanager.projects.get') return search(request, tools);
      const [, encoded = '', part] = PATH.exec(request.path) ?? CLUSTERS.exec(request.path) ?? [];
      const project = decodeURIComponent(encoded);
      const account = tools.fleet.accounts('gcp').find((a) => a.id === project);
      if (!account) return googleError(404, 'notFound', 'The project was not found.');
      if (this.off.includes(project))
        return googleError(403, 'accessNotConfigured', 'API has not been used before or it is disabled.');
      if (request.action === 'container.clusters.list') return clusters(account, tools);
      if (Number(request.query.get('maxResults') ?? 500) > 500) return googleError(400, 'invalid', 'maxResults');
      if (request.query.get('returnPartialSuccess') !== 'true' && isPartial(account))
        return googleError(503, 'backendError', 'A zone could not be reached.');
      const token = request.query.get('pageToken') ?? undefined;
      const named = this.pretend ?? project;
      if (part === 'machineTypes') {
        const zones = account.places.filter((p) => p.fault === null).flatMap((place) => place.zones);
        const { rows, next } = tools.page(machineTypesIn(zones), token);
        return json(aggregatedPage(part, named, account.places, rows, next));
      }
      const { rows, next } = tools.page(instances(account, tools), token);
      return json(
        masked(
          aggregatedPage('instances', named, account.places, rows, next),
          masks ? request.query.get('fields') : null,
        ),
      );
    },
  };
}

/** Pages of two, so that a few projects are more than one page; one of Apps Script is always among them. */
function search({ query }: FakeRequest, { fleet }: FakeTools): Reply {
  const all = [...fleet.accounts('gcp').map(({ id }) => id), 'sys-26915045689318000000000000'];
  const from = Number(query.get('pageToken') ?? 0);
  const projects = all.slice(from, from + 2).map((projectId) => ({ projectId, state: 'ACTIVE' }));
  return json({ projects, ...(from + 2 < all.length ? { nextPageToken: String(from + 2) } : {}) });
}

function clusters(account: Account, { fleet }: FakeTools): Reply {
  const own = fleet.clusters().filter(({ place }) => place.account === account);
  if (own.length === 0) return json({});
  return json({
    clusters: own.map(({ name, place, uid, index }) => ({
      name,
      location: place.region,
      endpoint: `203.0.113.${index % 250}`,
      masterAuth: { clusterCaCertificate: Buffer.from(`CA of ${name}`).toString('base64') },
      status: 'RUNNING',
      ...(index % 2 === 0
        ? {
            controlPlaneEndpointsConfig: {
              dnsEndpointConfig: { endpoint: `gke-${uid}.gke.goog`, allowExternalTraffic: true },
            },
          }
        : {}),
    })),
  });
}

export const googleError = (code: number, reason: string, message: string): Reply =>
  json({ error: { code, message, errors: [{ reason, message, domain: 'global' }], status: reason } }, code);

const isPartial = (account: Account): boolean => account.places.some((place) => place.fault === 'unreachable');

function instances(account: Account, tools: FakeTools): { zone: string; row: object }[] {
  const moment = tools.fleet.at(tools.now());
  const machines = account.places
    .filter((place) => place.fault === null)
    .flatMap((place) => [...moment.machines(place)])
    .map((machine: Machine) => instanceOf(machine))
    .filter((row) => row !== null);
  // A rewritten row may be no object at all; it stands in the first zone then.
  return tools.rewrite<object>(machines).map((row) => ({ zone: zoneOf(row) ?? 'europe-west1-b', row }));
}

const zoneOf = (row: unknown): string | undefined =>
  typeof row === 'object' && row !== null && 'zone' in row ? String(row.zone).split('/').at(-1) : undefined;

/** As Google does with `fields=items/star/instances(a,b(...))`: what is not named does not leave. Only the rows' own keys are cut. */
function masked(page: object, mask: string | null): object {
  const inner = /items\/\*\/instances\((.*)\)$/.exec(mask ?? '')?.[1];
  if (inner === undefined) return page;
  const keys = new Set(topLevel(inner).map((name) => name.split(/[/(]/)[0]));
  const cut = (row: unknown) =>
    typeof row === 'object' && row !== null
      ? Object.fromEntries(Object.entries(row).filter(([key]) => keys.has(key)))
      : row;
  return JSON.parse(JSON.stringify(page), (key, value) =>
    key === 'instances' && Array.isArray(value) ? value.map(cut) : value,
  );
}

/** The names of a mask, split at its commas outside parentheses. */
function topLevel(mask: string): string[] {
  const names = [''];
  let depth = 0;
  for (const char of mask) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (char === ',' && depth === 0) names.push('');
    else names[names.length - 1] += char;
  }
  return names;
}
