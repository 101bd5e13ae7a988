import { readFile } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { singleFlight } from '#lib/runtime/single-flight.ts';
import { exchangeJson, isOk, type JsonLimits } from '#providers/kit/wire/http.ts';
import { named } from '#providers/kit/wire/named.ts';
import { unexpected } from '#providers/kit/wire/unexpected.ts';
import { type Call, type Environment, ProviderError } from '../contract.ts';
import { cachedCredential } from '../kit/cached-credential.ts';
import { asArray, asRecord, asString, type Fields } from '../kit/read.ts';
import { identityRoot } from './address.ts';
import { authBody, type Scoping } from './auth-body.ts';
import type { OpenStackConfig } from './config.ts';
import { openstackError } from './errors.ts';

export interface Project {
  id: string;
  name: string;
}

/** A compute service of the catalogue. */
export interface Endpoint {
  region: string;
  url: string;
}

export interface Token {
  value: string;
  /** What it is scoped to; null for a token without a scope. */
  project: Project | null;
  endpoints: readonly Endpoint[];
}

export interface Keystone {
  /**
   * A token of this project; null: of the project of the source, the user's default project, or the first of the user's.
   * @throws ProviderError `auth` where Keystone refuses the credential; `config` where the token is another project's
   */
  token(project: string | null, call: Call): Promise<Token>;
  /** The enabled projects of the user; with an application credential its own one only. */
  projects(call: Call): Promise<Project[]>;
  /** Nova refused this very token; another one, which somebody may have obtained since, serves on. */
  drop(token: string): void;
  /** The secret is read anew with the next token. */
  renew(): void;
}

interface Held {
  token: Token;
  /** Monotonic time until which it is used. */
  until: number;
}

/** A token is given up a minute before its time, so that a page that is on its way does not meet the end. */
const MARGIN = 60_000;
/** For this long a refused sign-in is not tried again with the same secret: Keystone locks users out who fail too often. */
const REFUSED_MS = 30_000;

/** @see https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export function openKeystone(
  config: OpenStackConfig & { authUrl: string },
  env: Environment,
  dispatcher: Dispatcher,
  limits: JsonLimits,
): Keystone {
  const root = identityRoot(config.authUrl);
  const place = new URL(root).host;
  const { applicationCredential: app } = config;
  const file = app ? app.secretFile : config.passwordFile;
  const secret = cachedCredential(file ? [file] : [], async () =>
    file ? (await readFile(file, 'utf8')).trim() : (app?.secret ?? config.password ?? ''),
  );
  const tokens = new Map<string, Held>();
  /** One sign-in under way for each token: a password that is wrong must not be sent as often as it is waited for. */
  const asking = new Map<string, (call: Call) => Promise<Token>>();
  const refusals = new Map<string, { error: ProviderError; until: number }>();
  let current: string | null = null;
  /** When a token was given out last, for what is said when none is given any more. */
  let accepted: number | null = null;

  async function readSecret(): Promise<string> {
    try {
      const read = await secret.get();
      if (read !== current) for (const known of [tokens, refusals]) known.clear();
      current = read;
      return read;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
      throw new ProviderError(
        'config',
        place,
        `${app ? 'secretFile' : 'passwordFile'} ${file} cannot be read (${code})`,
      );
    }
  }

  async function issue(scoping: Scoping, password: string, call: Call): Promise<Held> {
    const reply = await exchangeJson({
      url: `${root}/auth/tokens`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(authBody(config, password, scoping)),
      place,
      signal: call.signal,
      dispatcher,
      limits,
    });
    if (reply.status === 401) throw refused(reply.status);
    if (!isOk(reply.status)) throw openstackError(reply, place, env.clock.now());
    const header = reply.headers['x-subject-token'];
    const body = asRecord(asRecord(reply.body)?.token);
    if (typeof header !== 'string' || header === '' || !body)
      throw unexpected(place, 'a token in X-Subject-Token and the body', reply.body);
    accepted = env.clock.now();
    const token = { value: header, project: projectOf(body.project), endpoints: endpointsOf(body, config.interface) };
    return { token, until: env.clock.monotonic() + lifetime(body) - MARGIN };
  }

  /** Keystone does not say why, so that nobody learns which half of a credential is right; all that it can be is said instead. */
  function refused(status: number): ProviderError {
    const before = accepted === null ? '' : `, which it took until ${new Date(accepted).toISOString()}`;
    const why = app
      ? `refuses the application credential (${status})${before}: it has expired or was deleted, its user or project is disabled, or id and secret do not match; create a new one`
      : `refuses user and password for this project (${status})${before}: password wrong or expired, user disabled, or no role in the project`;
    return new ProviderError('auth', place, why);
  }

  function hold(key: string, scoping: Scoping, call: Call): Promise<Token> {
    let ask = asking.get(key);
    if (!ask) {
      ask = singleFlight((by) => held(key, scoping, by));
      asking.set(key, ask);
    }
    return ask(call);
  }

  async function held(key: string, scoping: Scoping, call: Call): Promise<Token> {
    const password = await readSecret();
    const known = tokens.get(key);
    if (known && env.clock.monotonic() < known.until) return known.token;
    const refusal = refusals.get(key);
    if (refusal && env.clock.monotonic() < refusal.until) throw refusal.error;
    try {
      const fresh = await named('POST auth/tokens', () => issue(scoping, password, call));
      tokens.set(key, fresh);
      return fresh.token;
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'auth')
        refusals.set(key, { error, until: env.clock.monotonic() + REFUSED_MS });
      throw error;
    }
  }

  /** The token that the source's own words give: scoped to its project, to the user's default one, or to none. */
  async function first(call: Call): Promise<Token> {
    const token = await hold('', config.project ? 'configured' : 'default', call);
    const wanted = config.project;
    const { project } = token;
    if (wanted && project && project.id !== wanted && project.name !== wanted)
      throw new ProviderError(
        'config',
        place,
        `the credential belongs to the project ${project.name}, not to ${wanted}`,
      );
    if (app && !project)
      throw new ProviderError('bad-reply', place, 'answered an application credential without a project');
    return token;
  }

  function drop(value: string): void {
    for (const [key, { token }] of tokens) if (token.value === value) tokens.delete(key);
  }

  async function projects(call: Call): Promise<Project[]> {
    const token = await first(call);
    if (app && token.project) return [token.project];
    const headers = { 'x-auth-token': token.value };
    const reply = await exchangeJson({
      url: `${root}/auth/projects`,
      headers,
      place,
      signal: call.signal,
      dispatcher,
      limits,
    });
    if (reply.status === 401) drop(token.value);
    if (!isOk(reply.status)) throw openstackError(reply, place, env.clock.now());
    const body = asRecord(reply.body);
    if (!Array.isArray(body?.projects)) throw unexpected(place, 'a list of projects', reply.body);
    // Keystone cuts a list at its `list_limit` and says so; the rest would look as if it were gone.
    if (body.truncated === true) throw new ProviderError('bad-reply', place, 'cut the list of projects short');
    const all = body.projects.filter((project) => asRecord(project)?.enabled !== false).map(projectOf);
    return all.filter((project) => project !== null).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  return {
    projects: (call) => named('GET auth/projects', () => projects(call)),
    async token(project, call) {
      const token = await first(call);
      if (project === null || token.project?.id === project) {
        if (token.project) return token;
        const [some] = await this.projects(call);
        if (!some) throw new ProviderError('permission', place, 'the user has no role in any project');
        return hold(some.id, { project: some.id }, call);
      }
      if (app)
        throw new ProviderError(
          'config',
          place,
          `the application credential belongs to the project ${token.project?.id}, not to ${project}`,
        );
      const other = await hold(project, { project }, call);
      if (other.project?.id !== project)
        throw new ProviderError('config', place, `answered for another project than ${project}`);
      return other;
    },
    drop,
    renew: () => secret.drop(),
  };
}

/** How long it lasts, by the difference of Keystone's own times: our clock may be wrong. An hour where it does not say. */
function lifetime(body: Fields): number {
  const ms = Date.parse(asString(body.expires_at) ?? '') - Date.parse(asString(body.issued_at) ?? '');
  return Number.isFinite(ms) && ms > 0 ? ms : 3_600_000;
}

function projectOf(value: unknown): Project | null {
  const project = asRecord(value);
  const id = asString(project?.id);
  return id === null ? null : { id, name: asString(project?.name) ?? id };
}

function endpointsOf(token: Fields, face: string): Endpoint[] {
  return asArray(token.catalog)
    .map(asRecord)
    .filter((service) => service?.type === 'compute')
    .flatMap((service) => asArray(service?.endpoints).map(asRecord))
    .flatMap((endpoint) => {
      const region = asString(endpoint?.region_id) ?? asString(endpoint?.region);
      const url = asString(endpoint?.url);
      return endpoint?.interface === face && region && url ? [{ region, url }] : [];
    });
}
