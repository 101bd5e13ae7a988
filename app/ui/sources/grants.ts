import type { Permission, PermissionsSeen, ScopeStatus } from '#lib/model/index.ts';

/** What was seen of one source's permissions, in the order in which a person asks. */
export interface Grant {
  source: string;
  provider: string;
  /** Null where nobody has looked yet. */
  seen: PermissionsSeen | null;
  /** Calls by their worst outcome. */
  denied: number;
  unknown: number;
  allowed: number;
  /** Regions of accounts whose own listing is denied: `123456789012 eu-south-1`. */
  deniedRegions: string[];
}

/** One call with one outcome, and where. */
export interface Verdict {
  action: string;
  state: Permission['state'];
  places: string[];
  /** The first of the reasons; they differ in the place they name. */
  message: string | null;
}

const WORST: readonly Permission['state'][] = ['denied', 'unknown', 'allowed'];

/** One per source that is configured or was looked at: those that lack something first, then by name. */
export function grantsOf(scopes: readonly ScopeStatus[], seen: readonly PermissionsSeen[]): Grant[] {
  const grants = new Map<string, Grant>();
  const grant = (source: string, provider: string): Grant => {
    const known = grants.get(source);
    if (known) return known;
    const made = { source, provider, seen: null, denied: 0, unknown: 0, allowed: 0, deniedRegions: [] };
    grants.set(source, made);
    return made;
  };
  for (const scope of scopes) {
    if (scope.state === 'gone') continue;
    const { deniedRegions } = grant(scope.source, scope.provider);
    if (scope.state === 'denied' && scope.region !== null) deniedRegions.push(`${scope.account} ${scope.region}`);
  }
  for (const each of seen) {
    const made = grant(each.source, each.provider);
    made.seen = each;
    for (const worst of worstByAction(each.permissions).values()) made[worst]++;
  }
  const lacks = (each: Grant) => (each.denied > 0 || each.deniedRegions.length > 0 ? 0 : 1);
  return [...grants.values()].sort((a, b) => lacks(a) - lacks(b) || (a.source < b.source ? -1 : 1));
}

function worstByAction(permissions: readonly Permission[]): Map<string, Permission['state']> {
  const worst = new Map<string, Permission['state']>();
  for (const { action, state } of permissions) {
    const before = worst.get(action);
    if (before === undefined || WORST.indexOf(state) < WORST.indexOf(before)) worst.set(action, state);
  }
  return worst;
}

/** One line per call and outcome: what is denied first. */
export function verdictsOf(permissions: readonly Permission[]): Verdict[] {
  const verdicts = new Map<string, Verdict>();
  for (const { action, state, account, region, message } of permissions) {
    const key = `${state} ${action}`;
    const verdict = verdicts.get(key) ?? { action, state, places: [], message };
    verdict.places.push(region === null ? account : `${account} ${region}`);
    verdicts.set(key, verdict);
  }
  return [...verdicts.values()].sort((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state));
}

/** The first few by name, and how many more. */
export function namesOf(places: readonly string[], shown: number): string {
  if (places.length <= shown) return places.join(', ');
  return `${places.slice(0, shown).join(', ')} and ${places.length - shown} more`;
}
