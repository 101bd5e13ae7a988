import type { OpenStackConfig } from './config.ts';

/** `configured`: the project that the source names; `default`: what Keystone chooses for the user. */
export type Scoping = 'configured' | 'default' | { project: string };

/** Ids of Keystone are 32 hex digits; nobody names a project or a domain like that. */
const isId = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/** By id where it is one. The domain that every cloud begins with has an id that looks like a name. */
const reference = (text: string) => (isId(text) || text === 'default' ? { id: text } : { name: text });

/** The body of `POST /v3/auth/tokens`. An application credential brings its scope itself and may name none. */
export function authBody(config: OpenStackConfig, secret: string, scoping: Scoping): object {
  const { applicationCredential: app, domain = 'default' } = config;
  if (app)
    return {
      auth: {
        identity: { methods: ['application_credential'], application_credential: { id: app.id, secret } },
      },
    };
  const user = { name: config.username, domain: reference(config.userDomain ?? domain), password: secret };
  const identity = { methods: ['password'], password: { user } };
  const project = scopeOf(config, scoping);
  return { auth: project ? { identity, scope: { project } } : { identity } };
}

function scopeOf({ project, projectDomain, domain = 'default' }: OpenStackConfig, scoping: Scoping): object | null {
  if (typeof scoping === 'object') return { id: scoping.project };
  if (scoping === 'default' || project === undefined) return null;
  return isId(project) ? { id: project } : { name: project, domain: reference(projectDomain ?? domain) };
}
