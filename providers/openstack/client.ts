import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { isLoopback } from '#providers/kit/wire/endpoint.ts';
import { exchangeJson, isOk } from '#providers/kit/wire/http.ts';
import { named } from '#providers/kit/wire/named.ts';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import { computeAddress, nextAddress, refuseForeign } from './address.ts';
import type { OpenStackConfig } from './config.ts';
import { openstackError, VanishedMarker } from './errors.ts';
import { type Keystone, openKeystone, type Project } from './keystone.ts';
import {
  below,
  type Microversion,
  NEWEST,
  NEWEST_HYPERVISORS,
  negotiate,
  PAGED_HYPERVISORS,
  versionHeaders,
} from './microversion.ts';

/** In which region is asked, with the token of which project; null: of the source's own, and of a list the servers of all projects. */
export interface At {
  region: string;
  project: string | null;
}

/** The calls of the policy (`permissions.yaml`); answers are pages as Nova sends them. `next` is the href of a page's next link. */
export interface OpenStackClient {
  /** Regions with a compute service: the one of the source, or all of the catalogue. */
  regions(call: Call): Promise<string[]>;
  projects(call: Call): Promise<Project[]>;
  /** GET servers/detail, with `all_tenants=1` where no project is named. @param max rows at most on the page */
  servers(at: At, next: string | undefined, call: Call, max?: number): Promise<unknown>;
  /** GET os-hypervisors/detail */
  hypervisors(at: At, next: string | undefined, call: Call, max?: number): Promise<unknown>;
  /** GET flavors/detail */
  flavors(at: At, next: string | undefined, call: Call): Promise<unknown>;
  /** Reads the secret anew with the next sign-in; a token that was refused is not used again in any case. */
  renew(): void;
  close(): Promise<void>;
}

/** Nova's own default of `api.max_limit`; where it is lower, pages are shorter. */
const PAGE = 1000;
/** Clouds are upgraded; what was negotiated holds for an hour. */
const HOLDS_MS = 60 * 60_000;

interface Versions {
  newest: Microversion;
  until: number;
}

/** Keystone v3 and Nova v2.1 over REST: https://docs.openstack.org/api-ref/compute/ */
export function openClient(config: OpenStackConfig & { authUrl: string }, env: Environment): OpenStackClient {
  const ms = config.timeout * 1000;
  const limits = { idleMs: ms, totalMs: 3 * ms };
  const options = { connect: { timeout: Math.min(ms, 10_000) }, connections: 8 };
  const { authUrl, allowedHosts, region: only } = config;
  const dispatcher: Dispatcher = isLoopback(new URL(authUrl)) ? new Agent(options) : new EnvHttpProxyAgent(options);
  const keystone: Keystone = openKeystone(config, env, dispatcher, limits);
  const versions = new Map<string, Versions>();

  async function exchange(url: URL, token: string, version: Microversion, place: string, call: Call) {
    const headers = { 'x-auth-token': token, ...versionHeaders(version) };
    const reply = await exchangeJson({ url, headers, place, signal: call.signal, dispatcher, limits });
    if (reply.status === 401) keystone.drop(token);
    return reply;
  }

  async function newestOf(root: string, token: string, place: string, call: Call): Promise<Microversion> {
    const known = versions.get(root);
    if (known && env.clock.monotonic() < known.until) return known.newest;
    const reply = await exchange(new URL(root), token, null, place, call);
    if (!isOk(reply.status)) throw openstackError(reply, place, env.clock.now());
    const newest = negotiate(reply.body);
    if (newest === undefined)
      throw new ProviderError('unsupported', place, `speaks no compute API between 2.1 and 2.${NEWEST}`);
    versions.set(root, { newest, until: env.clock.monotonic() + HOLDS_MS });
    return newest;
  }

  /**
   * One page.
   * @param ceiling the newest microversion that this call is understood in
   * @param query of a first page, by the microversion it is asked with
   */
  async function page(
    path: string,
    at: At,
    next: string | undefined,
    call: Call,
    ceiling: number,
    query: (version: Microversion) => Record<string, string>,
  ): Promise<unknown> {
    const place = `${at.region} ${at.project ?? 'all projects'}`;
    const token = await keystone.token(at.project, call);
    const found = token.endpoints.find(({ region }) => region === at.region);
    if (!found) throw new ProviderError('config', place, noSuchRegion(at.region, token.endpoints));
    refuseForeign(found.url, authUrl, allowedHosts, place);
    const { base, root } = computeAddress(found.url);
    for (;;) {
      const newest = await named(`GET ${new URL(root).pathname}`, () => newestOf(root, token.value, place, call));
      const version = newest === null ? null : Math.min(newest, ceiling);
      const first = () => new URL(`${base}/${path}?${new URLSearchParams(query(version))}`);
      const url = next === undefined ? first() : nextAddress(next, base, allowedHosts, place);
      const reply = await exchange(url, token.value, version, place, call);
      if (isOk(reply.status)) return reply.body;
      const lower = reply.status === 406 && version !== null ? below(version) : null;
      if (lower !== null) {
        versions.set(root, { newest: lower, until: env.clock.monotonic() + HOLDS_MS });
        continue;
      }
      if (reply.status === 400 && next !== undefined)
        throw new VanishedMarker('bad-reply', place, 'no longer knows the server after which the next page begins');
      throw openstackError(reply, place, env.clock.now());
    }
  }

  function noSuchRegion(region: string, endpoints: readonly { region: string }[]): string {
    const others = [...new Set(endpoints.map((endpoint) => endpoint.region))].slice(0, 10).join(', ') || 'none';
    return `the catalogue has no ${config.interface} compute service in ${region} (it has: ${others})`;
  }

  return {
    async regions(call) {
      const { endpoints } = await keystone.token(null, call);
      const regions = [...new Set(endpoints.map(({ region }) => region))].sort();
      if (only !== undefined ? regions.includes(only) : regions.length > 0)
        return only === undefined ? regions : [only];
      throw new ProviderError('config', new URL(authUrl).host, noSuchRegion(only ?? 'any region', endpoints));
    },
    projects: (call) => keystone.projects(call),
    servers: (at, next, call, max = PAGE) =>
      page('servers/detail', at, next, call, NEWEST, () => ({
        limit: String(max),
        ...(at.project === null ? { all_tenants: '1' } : {}),
      })),
    hypervisors: (at, next, call, max = PAGE) =>
      page(
        'os-hypervisors/detail',
        at,
        next,
        call,
        NEWEST_HYPERVISORS,
        (version): Record<string, string> =>
          version !== null && version >= PAGED_HYPERVISORS ? { limit: String(max) } : {},
      ),
    flavors: (at, next, call) =>
      page('flavors/detail', at, next, call, NEWEST, () => ({ is_public: 'None', limit: String(PAGE) })),
    renew: () => keystone.renew(),
    close: () => dispatcher.close(),
  };
}
