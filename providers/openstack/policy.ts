/** The policy rules of Nova that decide what is listed. The last is no call: it shows the names of hosts in the rows of the lists. */
export const RULES = {
  servers: 'os_compute_api:servers:detail',
  allProjects: 'os_compute_api:servers:detail:get_all_tenants',
  hypervisors: 'os_compute_api:os-hypervisors:list-detail',
  hosts: 'os_compute_api:os-extended-server-attributes',
} as const;
export type Rule = (typeof RULES)[keyof typeof RULES];

const OVERRIDES: readonly Rule[] = [RULES.allProjects, RULES.hypervisors, RULES.hosts];
/** What an application credential with access rules of its own must be allowed besides its roles. */
const PATHS: Readonly<Record<Rule, string | null>> = {
  [RULES.servers]: '/v2.1/servers/detail',
  [RULES.allProjects]: '/v2.1/servers/detail',
  [RULES.hypervisors]: '/v2.1/os-hypervisors/detail',
  [RULES.hosts]: null,
};

/** Values are the same in YAML as in JSON. */
const line = (rule: Rule): string =>
  `${JSON.stringify(rule)}: ${JSON.stringify('rule:context_is_admin or role:muster_reader')}`;

/**
 * Lines for Nova's `policy.yaml`, and as comments what is granted elsewhere: a role in a project, access rules. Stock policy gives
 * all but a project's own servers to administrators only.
 */
export function policyOf(actions: readonly string[]): { format: 'yaml'; text: string } {
  const rules = Object.values(RULES).filter((rule) => actions.includes(rule));
  const lines: string[] = [];
  if (rules.includes(RULES.servers))
    lines.push(
      '# The role "reader" lists the servers of the project in which it is given:',
      '#   openstack role add --user <user> --project <project> reader',
    );
  const overrides = OVERRIDES.filter((rule) => rules.includes(rule));
  if (overrides.length > 0)
    lines.push(
      '# For policy.yaml of Nova; the role is given in the project that the source names:',
      '#   openstack role create muster_reader',
      '#   openstack role add --user <user> --project <project> muster_reader',
      ...overrides.map(line),
    );
  const paths = [...new Set(rules.map((rule) => PATHS[rule]).filter((path) => path !== null))];
  if (paths.length > 0)
    lines.push(
      '# An application credential with access rules needs these among them:',
      ...paths.map((path) => `#   - {service: compute, method: GET, path: ${path}}`),
    );
  return { format: 'yaml', text: lines.map((text) => `${text}\n`).join('') };
}
