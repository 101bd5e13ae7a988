/** The calls that are made, as {@link Permission.action} and the tests spell them. */
export const ACTIONS = [
  'GET /1.0',
  'GET /1.0/cluster/members',
  'GET /1.0/resources',
  'GET /1.0/projects/{name}',
  'GET /1.0/instances',
  'GET /1.0/instances/{name}',
  'GET /1.0/events',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Calls that belong to a project: a restricted certificate may make them in those that it names. */
const OF_PROJECT: ReadonlySet<string> = new Set<Action>([
  'GET /1.0/projects/{name}',
  'GET /1.0/instances',
  'GET /1.0/instances/{name}',
  'GET /1.0/events',
]);

/**
 * How a server is told to trust the certificate for these calls. There is no right to a single call: what is trusted at all sees the server,
 * its members and its resources.
 * @see https://linuxcontainers.org/incus/docs/main/authentication/#restricted-tls-certificates
 * @see https://documentation.ubuntu.com/lxd/latest/explanation/authorization/
 */
export function trustPolicy(actions: readonly string[]): { format: 'text'; text: string } {
  const projects = actions.some((action) => OF_PROJECT.has(action)) ? ' --projects=default' : '';
  const lines = [
    '# Incus, and LXD 5.0: a certificate of its own, restricted to the projects that it shall see. It may change these too.',
    `incus config trust add-certificate muster.crt --restricted${projects}`,
    `lxc config trust add muster.crt --restricted${projects}`,
    '# LXD 5.21 and later: an identity that may read all projects and change nothing.',
    'lxc auth group create muster',
    'lxc auth group permission add muster server viewer',
    'lxc auth identity create tls/muster muster.crt --group=muster',
    '',
  ];
  return { format: 'text', text: lines.join('\n') };
}
