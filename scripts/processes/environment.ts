/**
 * The web process and everything that runs application code without a need for clouds get these variables and no
 * others: an allow-list, because the names under which clouds hide credentials are endless.
 */
const ALLOWED = [
  'PATH',
  'HOME',
  'USER',
  'SHELL',
  'TERM',
  'TZ',
  'LANG',
  'TMPDIR',
  'CI',
  'NO_COLOR',
  'FORCE_COLOR',
  'PORT',
  'HOST',
  'LOG_LEVEL',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];
const ALLOWED_PREFIXES = ['MUSTER_', 'LC_'];

export type Environment = Readonly<Record<string, string | undefined>>;

/** What remains of an environment for a process that must hold no cloud credential. */
export function withoutCredentials(environment: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const allowed = ALLOWED.includes(name) || ALLOWED_PREFIXES.some((prefix) => name.startsWith(prefix));
    if (allowed && value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Guarantee: `spawn` needs no variable at all, though Next's declarations say that every environment has NODE_ENV. */
export const forSpawn = (environment: Record<string, string>): NodeJS.ProcessEnv => environment as NodeJS.ProcessEnv;
