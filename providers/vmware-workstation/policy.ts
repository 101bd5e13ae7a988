/** The calls that are made, as {@link Permission.action} and the tests spell them. */
export const ACTIONS = {
  networks: 'GET /vmnet',
  list: 'GET /vms',
  power: 'GET /vms/{id}/power',
  settings: 'GET /vms/{id}',
  nics: 'GET /vms/{id}/nic',
  addresses: 'GET /vms/{id}/nicips',
  param: 'GET /vms/{id}/params/{name}',
} as const;

/** The program that is run where a source names it; no rule of a proxy is about it. */
export const VMRUN_LIST = 'vmrun list';
/** The files that are read with it. */
export const READ_VMX = 'read .vmx';

const pattern = (action: string): string =>
  `^/api${action.replace('GET ', '').replace('{id}', '[A-Za-z0-9]+').replace('{name}', '[A-Za-z.]+')}$`;

/**
 * Rules for an nginx in front of vmrest that let these calls through and nothing else: whoever has vmrest's one password may also turn
 * VMs off and delete them, so the proxy holds it and the collector has one of the proxy's.
 */
export function proxyRules(actions: readonly string[]): string {
  const open = Object.values(ACTIONS).filter((action) => actions.includes(action));
  return [
    '# Inside of a server block of nginx with TLS and auth_basic of its own: what Muster asks vmrest for. Nothing here changes a VM.',
    ...open.map(
      (action) =>
        `location ~ ${pattern(action)} { limit_except GET { deny all; } proxy_set_header Authorization $vmrest_authorization; proxy_pass http://127.0.0.1:8697; }`,
    ),
    'location / { return 403; }',
    '',
  ].join('\n');
}
