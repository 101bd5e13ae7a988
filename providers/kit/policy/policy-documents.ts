/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html */
interface IamPolicy {
  Statement: { Action: string[] }[];
}
/** https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-properties */
interface AzureRole {
  Name: string;
  Actions: string[];
}
/** https://cloud.google.com/iam/docs/creating-custom-roles */
interface GcpRole {
  title: string;
  includedPermissions: string[];
}
/** https://kubernetes.io/docs/reference/access-authn-authz/rbac/#role-and-clusterrole */
interface ClusterRole {
  metadata: { name: string };
  rules: Rule[];
}
interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** A policy of one of the forms that are shipped; it has more keys, which are kept. */
export type PolicyDocument = IamPolicy | AzureRole | GcpRole | ClusterRole;

/** Every action that a policy allows, as `Permission.action` spells it. */
export function actionsOf(policy: PolicyDocument): string[] {
  if ('Statement' in policy) return policy.Statement.flatMap(({ Action }) => Action);
  if ('Actions' in policy) return policy.Actions;
  if ('includedPermissions' in policy) return policy.includedPermissions;
  return policy.rules.flatMap((rule) => cells(rule).map(({ action }) => action));
}

/**
 * The same policy with these actions alone. A role gets a name of its own: under the old one it would take the place of what is
 * granted already.
 */
export function onlyOf(policy: PolicyDocument, wanted: ReadonlySet<string>): PolicyDocument {
  const some = (actions: readonly string[]) => actions.filter((action) => wanted.has(action));
  if ('Statement' in policy) {
    const cut = policy.Statement.map((statement) => ({ ...statement, Action: some(statement.Action) }));
    return { ...policy, Statement: cut.filter(({ Action }) => Action.length > 0) };
  }
  if ('Actions' in policy) return { ...policy, Name: `${policy.Name}, more`, Actions: some(policy.Actions) };
  if ('includedPermissions' in policy)
    return { ...policy, title: `${policy.title}, more`, includedPermissions: some(policy.includedPermissions) };
  const rules = policy.rules.flatMap((rule) => onlyOfRule(rule, wanted));
  return { ...policy, metadata: { ...policy.metadata, name: `${policy.metadata.name}-more` }, rules };
}

interface Cell {
  apiGroup: string;
  resource: string;
  resourceName: string | null;
  verb: string;
  /** `list pods`, `list jobs.batch`, `get namespaces/kube-system`. */
  action: string;
}

function cells({ apiGroups, resources, resourceNames, verbs }: Rule): Cell[] {
  const names: readonly (string | null)[] = resourceNames ?? [null];
  return apiGroups.flatMap((apiGroup) =>
    resources.flatMap((resource) =>
      names.flatMap((resourceName) =>
        verbs.map((verb) => {
          const kind = apiGroup === '' ? resource : `${resource}.${apiGroup}`;
          const action = resourceName === null ? `${verb} ${kind}` : `${verb} ${kind}/${resourceName}`;
          return { apiGroup, resource, resourceName, verb, action };
        }),
      ),
    ),
  );
}

/** One rule for each object that is wanted: a rule allows all of its verbs on all of its resources, which may be too much. */
function onlyOfRule(rule: Rule, wanted: ReadonlySet<string>): Rule[] {
  const all = cells(rule);
  const left = all.filter(({ action }) => wanted.has(action));
  if (left.length === all.length) return [rule];
  const objects = Map.groupBy(left, ({ apiGroup, resource, resourceName }) =>
    JSON.stringify([apiGroup, resource, resourceName]),
  );
  return [...objects.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const { apiGroup, resource, resourceName } = first;
    const named = resourceName === null ? {} : { resourceNames: [resourceName] };
    return [{ apiGroups: [apiGroup], resources: [resource], ...named, verbs: some.map(({ verb }) => verb) }];
  });
}
