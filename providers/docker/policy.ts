/** The calls that are made, as {@link Permission.action} and the tests spell them. */
export const ACTIONS = [
  'GET /_ping',
  'GET /info',
  'GET /containers/json',
  'GET /containers/{id}/json',
  'GET /events',
] as const;
export type Action = (typeof ACTIONS)[number];

/** Which variable of docker-socket-proxy opens a call, https://github.com/Tecnativa/docker-socket-proxy#grant-or-revoke-access-to-certain-api-sections */
const VARIABLES: ReadonlyMap<string, string> = new Map<Action, string>([
  ['GET /_ping', 'PING'],
  ['GET /info', 'INFO'],
  ['GET /containers/json', 'CONTAINERS'],
  ['GET /containers/{id}/json', 'CONTAINERS'],
  ['GET /events', 'EVENTS'],
]);

/** Environment of a docker-socket-proxy in front of the engine that opens these calls. It never opens a POST. */
export function proxyPolicy(actions: readonly string[]): { format: 'text'; text: string } {
  const open = new Set(actions.map((action) => VARIABLES.get(action)).filter((name) => name !== undefined));
  return { format: 'text', text: [...[...open].sort().map((name) => `${name}=1`), 'POST=0', ''].join('\n') };
}
