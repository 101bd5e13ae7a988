import { z } from 'zod';

/** One thing that is wrong with the configuration: where, and what was expected; never the value that stands there. */
export interface Problem {
  /** `PORT`, or a path into the file: `sources[2].interval`. */
  key: string;
  expected: string;
  /** In the configuration file, from 1. */
  at?: { line: number; column: number };
}

/** The exit code of a wrong configuration (EX_CONFIG of sysexits.h). */
export const EXIT_CONFIG = 78;

/** Carries every problem once. Whoever catches it prints {@link ConfigError.lines} and exits with {@link EXIT_CONFIG}. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly exitCode = EXIT_CONFIG;
  /** `the environment`, or the path of the file. */
  readonly place: string;
  readonly problems: readonly Problem[];

  constructor(place: string, problems: readonly Problem[]) {
    super(`${place}: ${problems.length} problems`);
    this.place = place;
    this.problems = problems;
  }

  /** For people: one line a problem. */
  lines(): string[] {
    return this.problems.map(({ key, expected, at }) => {
      const position = at ? `:${at.line}:${at.column}` : '';
      return `${this.place}${position}: ${key}: expected ${expected}`.replace(/\p{Cc}/gu, '?');
    });
  }
}

const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'silent'] as const;

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
const isHost = (text: string): boolean => HOST_NAME.test(text) || z.ipv4().or(z.ipv6()).safeParse(text).success;

/** The variables that Muster reads, besides those that each cloud's own credential chain reads in the collector. */
export const environmentSchema = z.object({
  PORT: z
    .string()
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65535, 'a number from 0 to 65535')
    .default('3000')
    .transform(Number)
    .describe('Port of the page and the API; 0 takes any free one.'),
  HOST: z
    .string()
    .refine(isHost, 'a host name or address without a port')
    .default('127.0.0.1')
    .describe('Address to listen on. Loopback unless told otherwise: there is no login in front of the page.'),
  MUSTER_HOSTS: z
    .string()
    .transform((text) => text.split(',').map((name) => name.trim()))
    .refine((names) => names.every(isHost), 'host names without ports, separated by commas')
    .default([])
    .describe('Further host names under which the page may be opened, separated by commas.'),
  MUSTER_DATA: z.string().default('.muster').describe('Folder of the store; it is created when missing.'),
  MUSTER_CONFIG: z
    .string()
    .optional()
    .describe('Path of the configuration file. Unset: ./muster.yaml, and without that file the demo fleet.'),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .describe(`How much is logged: ${LOG_LEVELS.join(', ')}.`),
});
export type Environment = z.output<typeof environmentSchema>;

// Kubernetes gives every container variables about each service of its namespace; one called `muster` is no mistake.
const SERVICE_LINK = /^MUSTER(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_\w+)?)$/;

/**
 * Reads the environment; an empty variable counts as unset.
 * @throws ConfigError with every problem at once
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined && value !== '');
  const problems: Problem[] = [];
  for (const [key, value] of given) {
    if (key.startsWith('MUSTER_') && !(key in environmentSchema.shape) && !SERVICE_LINK.test(key)) {
      problems.push({ key, expected: 'no such variable (see .env.example)' });
    }
    if (key === 'NODE_TLS_REJECT_UNAUTHORIZED' && value === '0') {
      problems.push({ key, expected: 'it to be unset: name the authority with NODE_EXTRA_CA_CERTS instead' });
    }
  }
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  for (const issue of parsed.error?.issues ?? []) problems.push({ key: issue.path.join('.'), expected: issue.message });
  if (!parsed.success || problems.length > 0) throw new ConfigError('environment', problems);
  return parsed.data;
}
